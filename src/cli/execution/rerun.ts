import { command, declare } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';

export const declaration = declare({
  name: 'rerun',
  changes: true,
  summary: 'Start again with the same input, under a new name',
  description: 'From the beginning, with the machine as it is now. To go on where it failed: redrive.',
  arguments: [{ syntax: '<execution>', description: executionReference }],
  options: [
    { flags: '--edit', description: 'change the input in $VISUAL or $EDITOR first' },
    { flags: '--name <name>', description: 'name of the new execution' },
    { flags: '--no-check', description: 'start it even where its first states miss something in the input' },
    { flags: '--follow', description: 'follow it to its end; its outcome decides the exit code' },
  ],
  examples: [
    { line: 'mbc-flow rerun @last --follow', what: 'once more' },
    { line: 'mbc-flow rerun import-2026-01 --edit', what: 'with another input' },
  ],
});

export const rerun = command(declaration, () => import('./rerun.run.js'));
