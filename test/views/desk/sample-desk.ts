import type {
  DeskData,
  DeskExecution,
  DeskStep,
  OpenedExecution,
} from '../../../src/operations/desk/snapshot.js';
import { deskLines } from '../../../src/views/desk/frame.js';
import { type Effect, pressKey } from '../../../src/views/desk/keys.js';
import { type DeskState, type DeskView, initialDesk } from '../../../src/views/desk/state.js';
import { lineText } from '../../../src/views/states/styled-lines.js';
import { start } from '../sample.js';

export const now = start + 3_600_000;
const arn = (kind: string, rest: string): string =>
  `arn:aws:states:ap-northeast-1:101010101010:${kind}:${rest}`;

export const executions = (number: number): DeskExecution[] =>
  Array.from({ length: number }, (_, index) => {
    const failed = index % 30 === 7;
    const machine = index % 2 === 0 ? 'import-csv' : '受注処理';
    return {
      executionArn: arn('execution', `${machine}:商品-取込-${index}`),
      stateMachineArn: arn('stateMachine', machine),
      machine,
      name: `商品-取込-${index}`,
      typed: `商品-取込-${index}`,
      status: index === 0 ? 'RUNNING' : failed ? 'FAILED' : 'SUCCEEDED',
      startDate: new Date(now - index * 60_000),
      ...(index > 0 && { stopDate: new Date(now - index * 60_000 + 4_000) }),
      ...(failed && {
        error: 'ValidationError',
        why: `在庫が足りません: 商品 ${index}`,
        requestId: `req-${index}`,
      }),
    };
  });

export const step = (index: number): DeskStep => ({
  key: `step-${index}`,
  requestId: `req-${index}`,
  execution: executions(2)[1] as DeskExecution,
  machine: '受注処理',
  stateName: '上長の承認を待つ',
  since: now - 90_000,
  timeoutAt: now + 3_600_000,
  asked: JSON.stringify({ Payload: { 注文: { id: index, 商品: '高価な机', amount: 120_000 } } }),
  waitsOn: 'lambda:invoke.waitForTaskToken',
  answerable: true,
});

export const deskData = (number = 40): DeskData => ({
  executions: { rows: executions(number), at: now - 3_000 },
  paused: { rows: [step(1), step(2)], at: now - 5_000 },
  jobs: {
    rows: [
      {
        key: 'CSV_IMPORT#t1#商品#1',
        kind: 'import',
        name: '商品.csv',
        status: 'PROCESSING',
        startedAt: now - 9_000,
        total: 5000,
        done: 4000,
        failed: 12,
      },
    ],
    at: now,
  },
  machines: {
    rows: [
      {
        stateMachineArn: arn('stateMachine', '受注処理'),
        name: '受注処理',
        type: 'STANDARD',
        running: 1,
        succeeded: 90,
        failed: 10,
        paused: 2,
        lastFailureAt: now - 60_000,
        lastFailure: '在庫が足りません',
      },
      {
        stateMachineArn: arn('stateMachine', 'import-csv'),
        name: 'import-csv',
        type: 'STANDARD',
        running: 0,
        succeeded: 5,
        failed: 0,
        paused: 0,
      },
    ],
    at: now,
  },
  calls: 12,
});

export const viewOf = (
  columns: number,
  rows: number,
  data: DeskData = deskData(),
  opened: OpenedExecution[] = [],
  more: Partial<DeskView['target']> = {},
): DeskView => ({
  data,
  opened: new Map(opened.map((one) => [one.executionArn, one])),
  jobs: new Map(),
  target: {
    name: 'local',
    account: '101010101010',
    region: 'ap-northeast-1',
    protected: false,
    hasConsole: false,
    ...more,
  },
  now,
  utc: true,
  columns,
  rows,
});

/** Keys by their names, one after the other: the state and what the last one asked for. */
export function press(view: DeskView, keys: string[], from: DeskState = initialDesk) {
  let state = from;
  let effect: Effect | undefined;
  for (const key of keys) ({ state, effect } = { effect: undefined, ...pressKey(state, key, view) });
  return { state, effect };
}

export const frameOf = (state: DeskState, view: DeskView): string[] =>
  deskLines(state, view).map((line) => lineText(line, false));
