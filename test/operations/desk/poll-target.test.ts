import { expect, test } from 'vitest';
import { exitCodes, FlowError } from '../../../src/errors.js';
import { createPace } from '../../../src/operations/desk/call-budget.js';
import { type Attention, lookAround } from '../../../src/operations/desk/poll-target.js';
import type { DeskData } from '../../../src/operations/desk/snapshot.js';
import type { ExecutionSummary, StateMachineSummary } from '../../../src/ports/aws.js';
import { virtualClock } from '../../virtual-clock.js';

const arn = (kind: string, rest: string): string =>
  `arn:aws:states:ap-northeast-1:101010101010:${kind}:${rest}`;

/** An account of 20 machines with 250 executions each; `calls` has when each call was made. */
function account(clock: ReturnType<typeof virtualClock>, throttled: (call: number) => boolean = () => false) {
  const began = clock.now();
  const machines = Array.from(
    { length: 20 },
    (_, index): StateMachineSummary => ({
      stateMachineArn: arn('stateMachine', `m-${index}`),
      name: `m-${index}`,
      type: 'STANDARD',
      creationDate: new Date(began),
    }),
  );
  const more: ExecutionSummary[] = [];
  const executions = ({ name, stateMachineArn }: StateMachineSummary): ExecutionSummary[] => [
    ...(name === 'm-0' ? more : []),
    ...Array.from(
      { length: 250 },
      (_, index): ExecutionSummary => ({
        executionArn: arn('execution', `${name}:e-${index}`),
        stateMachineArn,
        name: `e-${index}`,
        status: index % 50 === 7 ? 'FAILED' : 'SUCCEEDED',
        startDate: new Date(began - index * 60_000),
        stopDate: new Date(began - index * 60_000 + 1_000),
      }),
    ),
  ];
  /** Newest first, all at once. */
  const begin = (count: number): void => {
    const [machine] = machines;
    const at = clock.now();
    for (let index = 0; index < count; index++) {
      const name = `new-${index}`;
      const stopDate = new Date(at);
      const { stateMachineArn = '' } = machine ?? {};
      const executionArn = arn('execution', `m-0:${name}`);
      more.push({ executionArn, stateMachineArn, name, status: 'SUCCEEDED', startDate: stopDate, stopDate });
    }
  };
  const calls: number[] = [];
  const signal = new AbortController();
  const pace = createPace(clock, signal.signal);
  const take = async (operation: string): Promise<void> => {
    await pace.background.take(operation);
    calls.push(clock.now());
    if (!throttled(calls.length)) return;
    pace.background.throttled(operation);
    throw new FlowError(exitCodes.unreachable, 'Throttled', 'Rate exceeded');
  };
  const definition = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });
  const states = {
    async *listStateMachines() {
      await take('ListStateMachines');
      yield* machines;
    },
    async *listExecutions({ stateMachineArn = '' }: { stateMachineArn?: string }) {
      const machine = machines.find((one) => one.stateMachineArn === stateMachineArn);
      for (const [index, execution] of (machine ? executions(machine) : []).entries()) {
        if (index % 1000 === 0) await take('ListExecutions');
        yield execution;
      }
    },
    async describeStateMachine() {
      await take('DescribeStateMachine');
      return { definition };
    },
    async describeExecution(executionArn: string) {
      await take('DescribeExecution');
      return { executionArn, input: '{"requestId":"req-1"}', error: 'Boom', cause: '在庫が足りません' };
    },
  };
  const seen: DeskData[] = [];
  let visible: DeskData['executions']['rows'] = [];
  const at: Pick<Attention, 'reaching' | 'stateMachineArn'> = {};
  const looking = lookAround({
    states: states as never,
    pace,
    readJobs: async () => [],
    attention: () => ({ list: 'executions', visible, searching: false, ...at }),
    clock,
    signal: signal.signal,
  });
  const done = (async () => {
    for await (const data of looking.data()) {
      seen.push(data);
      visible = data.executions.rows.filter(({ status }) => status === 'FAILED').slice(0, 30);
    }
  })();
  const leave = async (): Promise<void> => {
    signal.abort();
    await done;
  };
  return { calls, seen, leave, begin, at };
}

const mostInAMinute = (calls: number[]): number =>
  Math.max(...calls.map((from) => calls.filter((at) => at >= from && at < from + 60_000).length));

test('at rest on 20 machines and 5,000 executions: at most 50 calls in any minute, and no list grows old', async () => {
  const clock = virtualClock();
  const { calls, seen, leave } = account(clock);
  await clock.pass(clock.now() + 600_000);
  const last = seen.at(-1);
  await leave();
  expect(mostInAMinute(calls)).toBeLessThanOrEqual(50);
  expect(last?.executions.rows).toHaveLength(5_000);
  expect(clock.now() - (last?.executions.at ?? 0)).toBeLessThan(60_000);
  expect(last?.executions.rows.find(({ status }) => status === 'FAILED')).toMatchObject({
    why: '在庫が足りません',
    requestId: 'req-1',
  });
  expect(last?.machines.rows[0]).toMatchObject({
    succeeded: 245,
    failed: 5,
    lastFailure: '在庫が足りません',
  });
});

test('while the service throttles it says so, goes on, and is well again', async () => {
  const clock = virtualClock();
  const { seen, leave } = account(clock, (call) => call > 10 && call < 20);
  await clock.pass(clock.now() + 180_000);
  const last = seen.at(-1);
  await leave();
  expect(seen.some(({ trouble }) => trouble === 'Rate exceeded')).toBe(true);
  expect(last?.trouble).toBeUndefined();
  expect(last?.executions.rows).toHaveLength(5_000);
});

test('of many that begin between two looks none is missed', async () => {
  const clock = virtualClock();
  const { seen, leave, begin } = account(clock);
  await clock.pass(clock.now() + 60_000);
  expect(seen.at(-1)?.executions.rows).toHaveLength(5_000);
  begin(175);
  await clock.pass(clock.now() + 60_000);
  const last = seen.at(-1);
  await leave();
  expect(last?.executions.rows).toHaveLength(5_175);
});

test('where somebody scrolls down, what is older is read on, page by page, as far as that', async () => {
  const clock = virtualClock();
  const { calls, seen, leave, begin, at } = account(clock);
  begin(11_000);
  const listed = (): number =>
    seen.at(-1)?.executions.rows.filter(({ machine }) => machine === 'm-0').length ?? 0;
  await clock.pass(clock.now() + 60_000);
  expect(listed()).toBe(1_000);
  const before = calls.length;
  // These began 20 seconds ago, all at once: they end after what is looked at.
  Object.assign(at, { reaching: clock.now() - 30_000, stateMachineArn: arn('stateMachine', 'm-1') });
  await clock.pass(clock.now() + 60_000);
  expect(listed()).toBe(1_000);
  Object.assign(at, { reaching: Number.NEGATIVE_INFINITY, stateMachineArn: undefined });
  await clock.pass(clock.now() + 60_000);
  await leave();
  expect(listed()).toBe(10_000);
  expect(seen.at(-1)?.executions.more).toBe(true);
  expect(mostInAMinute(calls)).toBeLessThanOrEqual(50);
  // Ten pages once, not from the first one on for each.
  expect(calls.length - before).toBeLessThan(100);
});
