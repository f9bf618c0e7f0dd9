import { localAccount, localRegion } from './conventions.js';

/**
 * The framework's machines as its newest version deploys them, under the names of its local environment.
 * Written for the local server: one Lambda function, whose name every Task state gives.
 */

/** What the framework's functions are called in its local environment. */
export const frameworkFunction = 'serverless-example-dev-main';

const functionName = `arn:aws:lambda:${localRegion}:${localAccount}:function:${frameworkFunction}`;

const retry = [
  {
    ErrorEquals: [
      'Lambda.ClientExecutionTimeoutException',
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
    ],
    IntervalSeconds: 2,
    MaxAttempts: 6,
    BackoffRate: 2,
  },
];

/** The framework routes a request by its `context`; its answers come as [events][handlers]. */
const step = (next: { Next: string } | { End: true }) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: functionName, Payload: { 'input.$': '$', 'context.$': '$$' } },
  Retry: retry,
  OutputPath: '$.Payload[0][0]',
  ...next,
});

const command = {
  Comment: 'Brings a command through to the data tables, one version of an entity after the other',
  StartAt: 'check_version',
  States: {
    check_version: step({ Next: 'check_version_result' }),
    check_version_result: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.result', NumericEquals: 0, Next: 'set_ttl_command' },
        { Variable: '$.result', NumericEquals: 1, Next: 'wait_prev_command' },
        { Variable: '$.result', NumericEquals: -1, Next: 'fail' },
      ],
      Default: 'wait_prev_command',
    },
    wait_prev_command: {
      ...step({ Next: 'set_ttl_command' }),
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: {
        FunctionName: functionName,
        Payload: { 'input.$': '$', 'context.$': '$$', 'taskToken.$': '$$.Task.Token' },
      },
      // Since 1.3.5 the framework bounds this wait; before, a lost wake-up waited for ever.
      TimeoutSeconds: 86_400,
      Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'wait_timed_out' }],
    },
    // An error output has `Error` and `Cause`, the fail state reads `error` and `cause`.
    wait_timed_out: {
      Type: 'Pass',
      Parameters: { 'error.$': '$.Error', cause: 'the previous version was not finished within a day' },
      Next: 'fail',
    },
    set_ttl_command: step({ Next: 'history_copy' }),
    history_copy: step({ Next: 'transform_data' }),
    transform_data: step({ Next: 'sync_data_all' }),
    sync_data_all: {
      Type: 'Map',
      ItemsPath: '$',
      MaxConcurrency: 0,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'sync_data',
        States: { sync_data: step({ End: true }) },
      },
      Next: 'finish',
    },
    finish: step({ Next: 'success' }),
    success: { Type: 'Succeed' },
    fail: { Type: 'Fail', ErrorPath: '$.error', CausePath: '$.cause' },
  },
};
const task = {
  Comment: 'Runs the items of a batch, two at a time',
  StartAt: 'map_state',
  States: {
    map_state: {
      Type: 'Map',
      ItemsPath: '$',
      MaxConcurrency: 2,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'iterator',
        States: { iterator: step({ End: true }) },
      },
      End: true,
    },
  },
};

const importCsv = {
  Comment: 'Imports the rows of a CSV object, a hundred a batch',
  StartAt: 'import-csv',
  States: {
    'import-csv': {
      Type: 'Map',
      Label: 'import-csv',
      MaxConcurrency: 50,
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
        Parameters: { 'Bucket.$': '$.bucket', 'Key.$': '$.key' },
      },
      // The payload below holds a batch twice, as input and in the context: without a limit in bytes, a hundred wide
      // rows would be over the 256 KiB of a state (the framework's own machine has none, and fails on them).
      ItemBatcher: {
        MaxItemsPerBatch: 100,
        MaxInputBytesPerBatch: 100_000,
        BatchInput: { 'Attributes.$': '$' },
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'csv_rows_handler',
        States: { csv_rows_handler: step({ End: true }) },
      },
      ResultWriter: {
        Resource: 'arn:aws:states:::s3:putObject',
        Parameters: { Bucket: 'local-bucket', Prefix: 'sfn-results/import-csv' },
      },
      ResultPath: '$.mapOutput',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.errorOutput', Next: 'finalize_parent_job' }],
      Next: 'finalize_parent_job',
    },
    finalize_parent_job: step({ Next: 'success' }),
    success: { Type: 'Succeed' },
  },
};

/** Only the framework's local environment has it: one file of a ZIP after the other, each by an import of its own. */
const importZip = {
  Comment: 'Imports the CSV files of a ZIP, one after the other',
  StartAt: 'ProcessFilesSequentially',
  States: {
    ProcessFilesSequentially: {
      Type: 'Map',
      ItemsPath: '$.sortedS3Keys',
      MaxConcurrency: 1,
      // An item is a key alone: what else a file's import needs is in the execution's input.
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'trigger_single_csv_and_wait',
        States: {
          trigger_single_csv_and_wait: {
            Comment: 'mbc-flow-ignore: MF001 (the framework sets no limit either: an import may take hours)',
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
            Parameters: {
              FunctionName: functionName,
              Payload: { 'input.$': '$', 'context.$': '$$', 'taskToken.$': '$$.Task.Token' },
            },
            Retry: retry,
            End: true,
          },
        },
      },
      Next: 'finalize_zip_job',
    },
    // Its answer is the execution's output, wrapped as the framework leaves it.
    finalize_zip_job: {
      Comment: 'mbc-flow-ignore: MF006',
      ...step({ End: true }),
      OutputPath: '$.Payload',
    },
  },
};

export interface BuiltinMachine {
  name: string;
  type: 'STANDARD';
  /** ASL, JSON text. */
  definition: string;
}

export function builtinMachines(): BuiltinMachine[] {
  const machines = { command, 'sfn-task': task, 'import-csv': importCsv, 'import-zip': importZip };
  return Object.entries(machines).map(([name, machine]) => ({
    name,
    type: 'STANDARD',
    definition: JSON.stringify(machine, null, 2),
  }));
}

/**
 * A team's own definition, as its deployment would finish it: `${Name}` in it stands for a function's ARN, the
 * function `Name` here.
 */
export const deployed = (definition: string): string =>
  definition.replaceAll(
    /\$\{([A-Za-z][\w-]*)\}/g,
    (_, name: string) => `arn:aws:lambda:${localRegion}:${localAccount}:function:${name}`,
  );
