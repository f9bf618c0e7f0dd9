/** The environment variables that are read; `mbc-flow help environment` and docs/environment.md show them. */
export const environmentTerms: readonly (readonly [string, string])[] = [
  ['MBC_FLOW_TARGET', 'target, where no flag names one'],
  ['MBC_FLOW_DATA_DIR', 'data directory of the local server'],
  ['AWS_PROFILE, AWS_REGION, AWS_*', "credentials and region, by the AWS SDK's own rules"],
  ['SFN_ENDPOINT, SFN_REGION', 'Step Functions of the application (.env)'],
  [
    'SFN_COMMAND_ARN, SFN_TASK_ARN, SFN_IMPORT_CSV_ARN',
    'its state machines; also SFN_CSV_IMPORT_ARN, SFN_IMPORT_ZIP_ORCHESTRATOR_ARN',
  ],
  ['S3_ENDPOINT, S3_BUCKET_NAME', 'where imports are uploaded'],
  ['DYNAMODB_ENDPOINT, SQS_ENDPOINT', 'its tables and queues'],
  ['IMPORT_QUEUE_URL', 'queue of imported rows'],
  ['LOCAL_SFN_PORT, LOCAL_S3_PORT', 'ports of mbc-flow dev'],
  [
    'LOCAL_DYNAMODB_PORT, LOCAL_SQS_PORT, LOCAL_LAMBDA_PORT',
    "ports of the application's own services on this machine",
  ],
  ['NODE_ENV, APP_NAME', "prefix of its tables' names"],
  ['NO_COLOR, FORCE_COLOR, TERM', 'colors'],
  ['TERM, VTE_VERSION, TMUX', 'how --desktop notifies'],
  ['COLUMNS, LINES', 'size of the terminal, where it does not say'],
  ['VISUAL, EDITOR', 'editor of --edit'],
  ['BROWSER', 'browser of mbc-flow open'],
  ['XDG_STATE_HOME, XDG_CACHE_HOME', 'where executions, answers and request ids are remembered'],
  ['NODE_COMPILE_CACHE', 'where compiled code is kept, in place of the cache directory'],
  ['NODE_DISABLE_COMPILE_CACHE', 'no compiled code is kept'],
];
