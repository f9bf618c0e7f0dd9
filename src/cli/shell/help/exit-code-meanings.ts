/** What each exit code says; `mbc-flow help exit-codes` and docs/cli.md show it. */
export const exitCodeMeanings: readonly (readonly [string, string])[] = [
  ['0', 'success; a followed execution SUCCEEDED and lost nothing'],
  [
    '1',
    'failure: the execution ended FAILED, TIMED_OUT or ABORTED, or rows or items failed or have an unknown outcome',
  ],
  ['2', 'invalid usage, config or input (nothing was changed), or --yes missing where it is required'],
  ['3', 'not found: execution, state machine or file'],
  ['4', 'access denied: credentials, permissions or wrong account'],
  [
    '5',
    'conflict: already running, already imported, name in use with a different input, or ambiguous reference',
  ],
  ['6', 'the service could not be reached, or throttled repeatedly'],
  ['70', 'bug in mbc-flow'],
  ['124', '--timeout exceeded'],
  ['130 / 143', 'interrupted or declined (SIGINT) / terminated (SIGTERM)'],
];
