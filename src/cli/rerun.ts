import { exitCodes, FlowError } from '../errors.js';
import type { Command } from './command.js';
import { editJson } from './edit-json.js';
import { watch } from './watch.js';

export const rerun: Command = {
  name: 'rerun',
  summary: 'Start again with the same input, under a new name',
  description: 'From the beginning, with the machine as it is now. To go on where it failed: redrive.',
  arguments: [{ syntax: '<execution>', description: 'ARN, unique name, console URL, or @last' }],
  options: [
    { flags: '--edit', description: 'change the input in $VISUAL or $EDITOR first' },
    { flags: '--name <name>', description: 'name of the new execution' },
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
    if (before.input === undefined) {
      throw new FlowError(exitCodes.denied, 'InputNotReadable', 'its input may not be read', {
        where: before.executionArn,
        hint: 'allow kms:Decrypt on the key of the state machine',
      });
    }
    const { rerunName } = await import('../workflow/rerun-name.js');
    const input = options.edit === true ? await editJson(context, before.input, 'input') : before.input;
    const name =
      typeof options.name === 'string' ? options.name : rerunName(before.name, context.clock.now());
    const { stateMachineArn } = before;
    const change = `start ${stateMachineArn.split(':')[6]} again as ${name}`;
    if (context.dryRun) {
      context.out.json({ dryRun: true, stateMachineArn, name, input });
      context.out.line(`Would ${change} on ${await target.describe()}; nothing was changed.`);
      return exitCodes.ok;
    }
    await target.confirm(change);
    const { startExecution } = await import('../operations/start-execution.js');
    const { executionArn, startDate } = await startExecution(states, { stateMachineArn, name, input });
    await target.rememberExecution(executionArn);
    if (options.follow === true) {
      context.err.notice(`Started ${executionArn}`);
      return await watch.run(context, [[executionArn]], {});
    }
    context.out.json({ executionArn, startDate: startDate.toISOString() });
    context.out.line(executionArn);
    context.err.notice(`Follow it: mbc-flow watch @last${target.flagsForHints}`);
    return exitCodes.ok;
  },
};
