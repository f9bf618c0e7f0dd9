import { editJson } from '../../files/editor.js';
import { machineName } from '../../workflow/names/arn.js';
import type { Command } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';
import { startOne } from './start-one.js';

export const rerun: Command = {
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
  async run(context, [execution], options) {
    const target = await context.connect({ changes: true });
    const { states } = target.gateways;
    const before = await states.describeExecution(await target.executionArn(String(execution)));
    const [{ inputOfExecution }, { rerunName }] = await Promise.all([
      import('../../operations/execution/execution-input.js'),
      import('../../workflow/names/rerun-name.js'),
    ]);
    const given = inputOfExecution(before);
    const input = options.edit === true ? await editJson(context, given, 'input') : given;
    const named = typeof options.name === 'string';
    const name = named ? String(options.name) : rerunName(before.name, context.clock.now());
    const { stateMachineArn } = before;
    return await startOne(context, target, {
      stateMachineArn,
      input,
      where: options.edit === true ? '--edit' : before.executionArn,
      name,
      again: named,
      change: `start ${machineName(stateMachineArn)} again as ${name}`,
      check: options.check === false ? 'skip' : 'refuse',
      follow: options.follow === true,
    });
  },
};
