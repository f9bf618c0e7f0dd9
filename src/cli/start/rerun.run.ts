import { exitCodes, FlowError } from '../../errors.js';
import { editJson } from '../../files/editor.js';
import { parentOfChild } from '../../operations/execution/parent-of-child.js';
import { inputOfExecution } from '../../operations/start/execution-input.js';
import { machineName } from '../../workflow/names/arn.js';
import { rerunName } from '../../workflow/names/rerun-name.js';
import type { Run } from '../shell/command.js';
import type { declaration } from './rerun.js';
import { startOne } from './start-one.js';

export const run: Run<typeof declaration> = async (context, [execution], options) => {
  const { edit = false, check, follow = false } = options;
  const target = await context.connect({ changes: true });
  const { states } = target.gateways;
  const before = await states.describeExecution(await target.executionArn(execution));
  const parent = await parentOfChild(states, before);
  if (parent !== undefined) throw ofMapRun(before.executionArn, parent, target.flagsForHints);
  const given = inputOfExecution(before);
  const input = edit ? await editJson(context, given, 'input') : given;
  const name = options.name ?? rerunName(before.name, context.clock.now());
  const { stateMachineArn } = before;
  return await startOne(context, target, {
    stateMachineArn,
    input,
    where: edit ? '--edit' : before.executionArn,
    name,
    again: options.name !== undefined,
    change: `start ${machineName(stateMachineArn)} again as ${name}`,
    check: check ? 'refuse' : 'skip',
    follow,
  });
};

const ofMapRun = (executionArn: string, parent: string, flags: string): FlowError =>
  new FlowError(
    exitCodes.usage,
    'ChildOfMapRun',
    'a child of a map run is not started by itself, only by its parent',
    { where: executionArn, hint: `mbc-flow rerun ${parent}${flags}` },
  );
