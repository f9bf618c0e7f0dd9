import { expect } from 'vitest';
import type { Difference } from './documentation.js';

/** Where our stack is not what the framework's page shows, and why. Everything else is the same. */
export interface Correction {
  /** What differs, wherever it stands. */
  setting: RegExp;
  theirs: unknown;
  ours: unknown;
  why: string;
}

const hiccups = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
];
const backoff = { IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2 };

export const corrections: Correction[] = [
  {
    setting: /^command\/name$/,
    theirs: 'command-handler',
    ours: 'dev-demo-command-handler',
    why: 'names begin with <env>-<app>-',
  },
  {
    setting: /^task\/name$/,
    theirs: 'task-handler',
    ours: 'dev-demo-sfn-task-handler',
    why: 'the factory of the framework looks for sfn-task: it would make a command of task-handler',
  },
  {
    setting: /^import-csv\/name$/,
    theirs: 'import-csv',
    ours: 'dev-demo-import-csv-handler',
    why: 'names begin with <env>-<app>-, and end as those of the other machines',
  },
  { setting: /\/Comment$/, theirs: expect.any(String), ours: expect.any(String), why: 'our own words' },
  {
    setting: /\/Parameters\/FunctionName$/,
    theirs: expect.stringContaining(':function:'),
    ours: expect.stringContaining(':function:'),
    why: 'each stack has a function of its own',
  },
  {
    setting: /\/Parameters\/Payload\/source$/,
    theirs: 'step-function',
    ours: null,
    why: 'the framework tells the source by the context; this key says nothing',
  },
  {
    setting: /\/Retry$/,
    theirs: [{ ErrorEquals: hiccups, ...backoff }],
    ours: [
      { ErrorEquals: [...hiccups, 'Lambda.TooManyRequestsException'], ...backoff, JitterStrategy: 'FULL' },
    ],
    why: 'throttling of the function would fail the execution outright; all at once would be throttled again',
  },
  {
    setting: /\/wait_prev_command\/TimeoutSeconds$/,
    theirs: null,
    ours: 86_400,
    why: 'a version whose predecessor failed would wait for a year, and no alarm would know',
  },
  {
    setting: /\/TimeoutSeconds$/,
    theirs: null,
    ours: 60,
    why: 'twice the function’s own timeout: a lost answer must not hold the execution',
  },
  {
    setting: /\/wait_prev_command\/Catch$|\/States\/wait_timed_out$/,
    theirs: null,
    ours: expect.anything(),
    why: 'the state fail reads error and cause, which a timeout has not',
  },
  {
    setting:
      /^import-csv\/.*\/(Catch|ResultPath|Next|finalize_parent_job|success|ExecutionType)$|^import-csv\/.*\/import-csv\/End$/,
    theirs: expect.toSatisfy((value) => [null, true, 'EXPRESS'].includes(value)),
    ours: expect.toSatisfy((value) => value !== true && value !== 'EXPRESS'),
    why: 'the machine of today: without finalize_parent_job the job’s record stays PROCESSING',
  },
  {
    setting: /^import-csv\/logs$/,
    theirs: null,
    ours: { level: 'ALL', data: false, days: 180 },
    why: 'the page forgets the log group of this machine',
  },
  {
    setting: /\/csv_rows_handler\/OutputPath$/,
    theirs: null,
    ours: '$.Payload[0][0]',
    why: 'the counts of a batch are in the reply of the function, not around it',
  },
  {
    setting: /\/ItemBatcher\/MaxInputBytesPerBatch$/,
    theirs: 10,
    ours: 100_000,
    why: 'ten bytes are no ten rows',
  },
  {
    setting: /\/ItemBatcher\/MaxItemsPerBatch$/,
    theirs: null,
    ours: 100,
    why: 'rows a batch, as the framework has today',
  },
  {
    setting: /^import-csv\/.*\/ResultWriter$/,
    theirs: null,
    ours: {
      Resource: 'arn:aws:states:::s3:putObject',
      Parameters: { Bucket: 'dev-demo-ddb-attributes', Prefix: 'sfn-results/import-csv' },
    },
    why: 'the results of many batches are over the 256 KiB of a state’s output',
  },
];

/** Differences that no correction explains, and corrections that explain none. */
export function unexplained(found: Difference[]): { differences: Difference[]; corrections: string[] } {
  const used = new Set<Correction>();
  const differences = found.filter(({ path, theirs, ours }) => {
    const correction = corrections.find(({ setting }) => setting.test(path));
    if (!correction) return true;
    used.add(correction);
    return !equal(theirs, correction.theirs) || !equal(ours, correction.ours);
  });
  return { differences, corrections: corrections.filter((one) => !used.has(one)).map(({ why }) => why) };
}

function equal(actual: unknown, expected: unknown): boolean {
  try {
    expect(actual).toEqual(expected);
    return true;
  } catch {
    return false;
  }
}
