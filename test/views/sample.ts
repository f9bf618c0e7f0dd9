import type { HistoryEvent } from '../../src/asl/engine/history-event.js';
import type { MapRunDescription } from '../../src/ports/aws.js';
import { createModel, type ExecutionModel } from '../../src/workflow/history/execution-model.js';
import { applyEvents } from '../../src/workflow/history/fold.js';

export const executionArn = 'arn:aws:states:ap-northeast-1:101010101010:execution:import-csv:商品-取込-1';
export const stateMachineArn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:import-csv';
export const mapRunArn = 'arn:aws:states:ap-northeast-1:101010101010:mapRun:import-csv/rows:8f';
export const start = Date.UTC(2026, 10, 24, 3, 0, 0);

/** Events with ids from 1, one second apart; `details` under AWS's key is up to the caller. */
export function events(
  ...rows: [type: string, previous: number, details?: Record<string, unknown>][]
): HistoryEvent[] {
  return rows.map(([type, previousEventId, details], index) => ({
    id: index + 1,
    previousEventId,
    timestamp: start + index * 1000,
    type,
    ...details,
  }));
}

export const entered = (name: string) => ({ stateEnteredEventDetails: { name } });
export const exited = (name: string) => ({ stateExitedEventDetails: { name } });

export function fold(history: HistoryEvent[]): ExecutionModel {
  const model = createModel();
  applyEvents(model, history);
  return model;
}

export const noCounts = {
  pending: 0,
  running: 0,
  succeeded: 0,
  failed: 0,
  timedOut: 0,
  aborted: 0,
  total: 0,
  resultsWritten: 0,
};

export const mapRun = (succeeded: number, failed = 0, total = 100_000): MapRunDescription => ({
  mapRunArn,
  executionArn,
  status: 'RUNNING',
  startDate: new Date(start + 3000),
  maxConcurrency: 0,
  itemCounts: {
    pending: total - succeeded - failed,
    running: 0,
    succeeded,
    failed,
    timedOut: 0,
    aborted: 0,
    total,
    resultsWritten: 0,
  },
  executionCounts: noCounts,
});

/** An import in the middle: loaded, rows being handled by a map run. */
export const importing = (): HistoryEvent[] =>
  events(
    ['ExecutionStarted', 0, { executionStartedEventDetails: { input: '{"bucket":"b","key":"商品.csv"}' } }],
    ['TaskStateEntered', 0, entered('CSVを読み込む')],
    ['TaskScheduled', 2, { taskScheduledEventDetails: { resource: 'invoke', resourceType: 'lambda' } }],
    ['TaskSucceeded', 3],
    ['TaskStateExited', 4, exited('CSVを読み込む')],
    ['MapStateEntered', 5, entered('csv_rows_handler')],
    ['MapStateStarted', 6],
    ['MapRunStarted', 7, { mapRunStartedEventDetails: { mapRunArn } }],
  );

/** Two branches, the left one paused on a token, the right one between two attempts. */
export const paused = (): HistoryEvent[] =>
  events(
    ['ExecutionStarted', 0, { executionStartedEventDetails: { input: '{}' } }],
    ['ParallelStateEntered', 0, entered('承認と通知')],
    ['ParallelStateStarted', 2],
    ['TaskStateEntered', 3, entered('上長の承認を待つ')],
    [
      'TaskScheduled',
      4,
      {
        taskScheduledEventDetails: {
          resource: 'invoke.waitForTaskToken',
          resourceType: 'lambda',
          parameters: `{"Payload":{"input":{"requestId":"r-1"},"taskToken":"AQC${'x'.repeat(500)}"}}`,
        },
      },
    ],
    ['TaskStateEntered', 3, entered('notify')],
    ['TaskScheduled', 6, { taskScheduledEventDetails: { resource: 'invoke', resourceType: 'lambda' } }],
    [
      'TaskFailed',
      7,
      {
        taskFailedEventDetails: {
          error: 'Error',
          cause: '{"errorType":"Error","errorMessage":"メールサーバーに届きません"}',
        },
      },
    ],
  );

/** Failed by an unhandled rejection with the application's frame. */
export const failed = (): HistoryEvent[] =>
  events(
    ['ExecutionStarted', 0, { executionStartedEventDetails: { input: '{"taskToken":"secret"}' } }],
    ['TaskStateEntered', 0, entered('check_version')],
    ['TaskScheduled', 2, { taskScheduledEventDetails: { resource: 'invoke', resourceType: 'lambda' } }],
    ['TaskFailed', 3, { taskFailedEventDetails: { error: 'Runtime.UnhandledPromiseRejection', cause } }],
    [
      'ExecutionFailed',
      4,
      { executionFailedEventDetails: { error: 'Runtime.UnhandledPromiseRejection', cause } },
    ],
  );
const cause = JSON.stringify({
  errorType: 'Runtime.UnhandledPromiseRejection',
  errorMessage: 'Error: 版が古い',
  requestId: '0b0f2c8e',
  trace: [
    'Runtime.UnhandledPromiseRejection: Error: 版が古い',
    '    at Command.check (/var/task/dist/command.js:10:5)',
  ],
});
