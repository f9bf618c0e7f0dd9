import { command, declare } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';

export const declaration = declare({
  name: 'rerun',
  changes: true,
  summary: 'Start a new execution with the input of another',
  description:
    'Starts from the beginning, with the current definition. To continue where it failed, see redrive.',
  arguments: [{ syntax: '<execution>', description: executionReference }],
  options: [
    { flags: '--edit', description: 'edit the input in $VISUAL or $EDITOR first' },
    { flags: '--name <name>', description: 'name of the new execution' },
    { flags: '--no-check', description: 'start even if the first states would fail with this input' },
    { flags: '--follow', description: 'follow until the end; the outcome decides the exit code' },
  ],
  examples: [
    { line: 'mbc-flow rerun @last --follow', what: 'once more' },
    { line: 'mbc-flow rerun import-2026-01 --edit', what: 'with another input' },
  ],
});

export const rerun = command(declaration, () => import('./rerun.run.js'));
