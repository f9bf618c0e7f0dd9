import { editJson } from '../../files/editor.js';
import { inputOfExecution } from '../../operations/execution/execution-input.js';
import { machineName } from '../../workflow/names/arn.js';
import { rerunName } from '../../workflow/names/rerun-name.js';
import type { Run } from '../shell/command.js';
import type { declaration } from './rerun.js';
import { startOne } from './start-one.js';

export const run: Run<typeof declaration> = async (context, [execution], options) => {
  const target = await context.connect({ changes: true });
  const { states } = target.gateways;
  const before = await states.describeExecution(await target.executionArn(String(execution)));
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
};
