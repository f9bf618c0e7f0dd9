import {
  CreateStateMachineCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ended, type Local } from '../harness.js';

const roleArn = 'arn:aws:iam::101010101010:role/DummyRole';
let made = 0;

/** Creates a machine of these states (it starts at the first) and returns its ARN. */
export async function machine(
  { sfn }: Local,
  states: Record<string, object>,
  name?: string,
): Promise<string> {
  const definition = JSON.stringify({ StartAt: Object.keys(states)[0], States: states });
  const created = await sfn.send(
    new CreateStateMachineCommand({ name: name ?? `machine-${++made}`, roleArn, definition }),
  );
  return created.stateMachineArn ?? '';
}

export interface Ran extends DescribeExecutionCommandOutput {
  events: HistoryEvent[];
  /** The output, parsed. */
  result: unknown;
}

/** Runs one Task to the execution's end. */
export async function runTask(local: Local, task: object, input: unknown = {}): Promise<Ran> {
  return run(local, await machine(local, { task: { Type: 'Task', End: true, ...task } }), input);
}

export async function run(
  local: Local,
  stateMachineArn: string,
  input: unknown = {},
  text = JSON.stringify(input),
): Promise<Ran> {
  const { executionArn = '' } = await local.sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: text }),
  );
  const description = await ended(local.sfn, executionArn);
  const { events = [] } = await local.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
  return { ...description, events, result: description.output && JSON.parse(description.output) };
}
