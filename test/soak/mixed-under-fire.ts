import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { startDev, workDirectory } from '../e2e/cli.js';
import { type Kind, kinds, machines, work, writeFunction } from './mixed-load.js';

const machineArn = (name: string): string =>
  `arn:aws:states:ap-northeast-1:101010101010:stateMachine:${name}`;
const executionArn = (kind: Kind, name: string): string =>
  `arn:aws:states:ap-northeast-1:101010101010:execution:${kind}:${name}`;

interface Acknowledged {
  kind: Kind;
  n: number;
  name: string;
}

export interface Outcome {
  kills: number;
  started: number;
  /** What is wrong with an execution that was acknowledged, a line each. */
  wrong: string[];
}

/**
 * Starts executions of every kind on `mbc-flow dev`, answers their tokens and redrives what failed, while the server
 * is killed with SIGKILL `kills` times at moments that `random` chooses. Then everything that was acknowledged must
 * have come to its end, once, with the output that it must have.
 */
export async function mixedUnderFire(kills: number, random: () => number): Promise<Outcome> {
  const cwd = workDirectory();
  const { spec, tokens } = writeFunction(cwd);
  const serve = (port?: number) => startDev({ cwd, port, args: ['--functions', `fn=${spec}`] });
  let dev = await serve();
  const port = Number(new URL(dev.endpoint).port);
  const sfn = persistentClient(dev.endpoint);
  for (const [name, definition] of Object.entries(machines)) {
    const roleArn = 'arn:aws:iam::101010101010:role/r';
    await sfn.send(new CreateStateMachineCommand({ name, roleArn, definition: JSON.stringify(definition) }));
  }

  const acknowledged: Acknowledged[] = [];
  const answered = new Set<string>();
  const redriven = new Set<string>();
  const start = async (n: number): Promise<void> => {
    const kind = kinds[Math.floor(random() * kinds.length)] ?? 'timers';
    const name = `${kind}-${n}`;
    const input = JSON.stringify(work(kind, n).input);
    // A start that was answered with a broken connection and tried again may have ended meanwhile.
    await sfn
      .send(new StartExecutionCommand({ stateMachineArn: machineArn(kind), name, input }))
      .catch(unless('ExecutionAlreadyExists'));
    acknowledged.push({ kind, n, name });
  };
  const answerTokens = async (): Promise<void> => {
    for (const [name, taskToken] of tokens()) {
      if (answered.has(name)) continue;
      const output = JSON.stringify({ answered: Number(name.split('-')[1]) });
      await sfn.send(new SendTaskSuccessCommand({ taskToken, output })).catch(unless('TaskTimedOut'));
      answered.add(name);
    }
  };
  const redrive = async (): Promise<void> => {
    for (const { kind, name } of acknowledged) {
      if (kind !== 'redrives' || redriven.has(name)) continue;
      const arn = executionArn(kind, name);
      const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
      if (status !== 'FAILED') continue;
      await sfn
        .send(new RedriveExecutionCommand({ executionArn: arn, clientToken: name }))
        .catch(unless('ExecutionNotRedrivable'));
      redriven.add(name);
    }
  };

  let next = 0;
  for (let killed = 0; killed < kills; killed++) {
    const rounds = Promise.all([start(next++), start(next++), start(next++), answerTokens(), redrive()]);
    await pause(random() * 200);
    await dev.kill('SIGKILL');
    dev = await serve(port);
    await rounds;
  }

  const open = new Map(acknowledged.map((one) => [one.name, one]));
  const giveUp = Date.now() + 120_000;
  while (open.size > 0 && Date.now() < giveUp) {
    await answerTokens();
    await redrive();
    for (const { kind, name } of [...open.values()]) {
      const { status } = await sfn.send(
        new DescribeExecutionCommand({ executionArn: executionArn(kind, name) }),
      );
      if (status === 'SUCCEEDED') open.delete(name);
    }
    await pause(100);
  }
  const wrong: string[] = [];
  for (const one of acknowledged) wrong.push(...(await faults(sfn, one)));
  const nested = acknowledged.filter(({ kind }) => kind === 'nested').length;
  const inner = await countExecutions(sfn, { stateMachineArn: machineArn('inner') });
  if (inner !== nested) wrong.push(`${nested} nested executions started ${inner} inner ones`);
  await dev.kill();
  return { kills, started: acknowledged.length, wrong };
}

type Sender = Pick<SFNClient, 'send'>;

/** A client that asks again, for a minute, where the server was gone before it had answered. */
function persistentClient(endpoint: string): Sender {
  const client = new SFNClient({
    endpoint,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const giveUpAfter = 60_000;
  const send = async (command: Parameters<SFNClient['send']>[0]): Promise<unknown> => {
    const begun = Date.now();
    for (;;) {
      try {
        return await client.send(command);
      } catch (error) {
        const { $fault } = error as { $fault?: 'client' | 'server' };
        if ($fault === 'client' || Date.now() - begun > giveUpAfter) throw error;
        await pause(20);
      }
    }
  };
  return { send: send as SFNClient['send'] };
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const unless =
  (name: string) =>
  (error: Error): void => {
    if (error.name !== name) throw error;
  };

/** What an execution that has ended must be, and is not. */
async function faults(sfn: Sender, { kind, n, name }: Acknowledged): Promise<string[]> {
  const arn = executionArn(kind, name);
  const { status, output } = await sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
  const expected = JSON.stringify(work(kind, n).output);
  const found: string[] = [];
  if (status !== 'SUCCEEDED') found.push(`${name} is ${status}`);
  else if (output !== expected) found.push(`${name} has the output ${output} instead of ${expected}`);
  const { events = [] } = await sfn.send(
    new GetExecutionHistoryCommand({ executionArn: arn, maxResults: 1000 }),
  );
  if (events.some((event, index) => event.id !== index + 1)) found.push(`${name} has a broken history`);
  if (kind === 'maps') found.push(...(await mapFaults(sfn, arn, name)));
  return found;
}

async function mapFaults(sfn: Sender, arn: string, name: string): Promise<string[]> {
  const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn: arn }));
  const found = mapRuns.length === 1 ? [] : [`${name} has ${mapRuns.length} map runs`];
  for (const { mapRunArn } of mapRuns) {
    const { executionCounts } = await sfn.send(new DescribeMapRunCommand({ mapRunArn }));
    const children = await countExecutions(sfn, { mapRunArn, statusFilter: 'SUCCEEDED' });
    if (children !== 20 || executionCounts?.succeeded !== 20 || executionCounts.total !== 20)
      found.push(`${name} has ${children} children, and counts ${JSON.stringify(executionCounts)}`);
  }
  return found;
}

async function countExecutions(
  sfn: Sender,
  of: ConstructorParameters<typeof ListExecutionsCommand>[0],
): Promise<number> {
  let total = 0;
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(new ListExecutionsCommand({ ...of, maxResults: 1000, nextToken }));
    total += page.executions?.length ?? 0;
    ({ nextToken } = page);
  } while (nextToken);
  return total;
}
