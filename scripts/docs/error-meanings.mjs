// Of errors whose message is made elsewhere, or whose remedy depends on the case: [meaning, what to do]; an empty text
// leaves what the sources say. A test finds codes that still lack one, and entries of no code.
export const errorMeanings = {
  AnswerMissing: [
    'the rehearsal came to a Task of which the history has no answer',
    '`--answer STATE=JSON`, `--answers FILE`, or `--call STATE` for the real function',
  ],
  AuditNotWritable: [
    'the change was not made: the `audit` of the target cannot be written',
    'allow `s3:PutObject` on the bucket, or give the file a folder that exists and can be written',
  ],
  AuditNotWritten: [
    'the change was made, but its entry could not be written to the audit trail',
    'keep the entry that the hint names, and add it when the trail can be written',
  ],
  BadAnswer: [
    'in `mbc-flow/testing`, an answer of a state has none of the accepted forms',
    '`{ value }`, `{ error, cause }`, a function, or a list of these',
  ],
  BadRequest: ['', 'for clients of the UI’s own API: send what the message names'],
  BadUsage: [
    'a flag, an argument or their combination is not accepted',
    '`mbc-flow help COMMAND`; the message says which and why',
  ],
  Bug: ['a fault of mbc-flow', 'report it, with the output of the same command under `-v`'],
  Credentials: [
    'there are no AWS credentials, or they have expired',
    '`aws sso login` or `aws configure`, with the profile that the hint names',
  ],
  DataDirectoryHeld: ['another process holds the data directory of the local server', ''],
  Declined: ['a question was answered with no, or an edit was canceled; nothing was changed', 'nothing'],
  FileNotFound: [
    'there is no such file, or no file matches the pattern',
    'correct the path; patterns are relative to the working directory',
  ],
  FileNotReadable: ['the file exists and cannot be read', 'check its permissions'],
  FileNotWritable: ['', 'name another file'],
  FunctionNotFound: ['no function receives the records of this table or queue', '`--function NAME`'],
  InvalidAnswer: ['the answer is not valid JSON', '`--answer` with JSON, `@FILE`, or `-` for standard input'],
  InvalidAnswers: [
    'the file of `--answers` cannot be read, or an entry is not an answer',
    'correct it at the place that the message names; `mbc-flow help rehearse`',
  ],
  InvalidFile: [
    'a file given to the local server (a state machine, a template, mocks, functions) cannot be used',
    'correct it at the place that the message names',
  ],
  ItemTooLarge: ['an item alone exceeds the size of an execution’s input', ''],
  JobFailed: ['', '`mbc-flow import show JOB`'],
  LineTooLong: ['', 'put each JSON document on a line of its own'],
  LocalServerSilent: ['a process holds the data directory and does not respond', ''],
  NoInputs: ['', 'put one JSON document on each line'],
  NoSuchImport: [
    'the UI knows no ended import of this id',
    'reload the page; `mbc-flow import list` shows the jobs',
  ],
  NotText: [
    'the file is not text: a spreadsheet, an archive, an image',
    'export it as CSV or JSON; a ZIP of CSV files can be imported as it is',
  ],
  ReadOnly: ['the UI was started with `--read-only`', 'start it without, or use the command'],
  Redirected: ['', '`--region` or `--endpoint-url` of the resource'],
  StateNotFound: ['', 'use one of the names that the message lists'],
  TaskNotFound: ['there is no record of this batch or item in the tasks table', '`mbc-flow task list`'],
  TlsFailed: [
    'the certificate of the endpoint is not trusted',
    '`NODE_EXTRA_CA_CERTS=ca.pem` trusts the certificate authority of a proxy or a private endpoint',
  ],
  UnknownState: [
    'an answer names a state that the state machine does not have',
    'use one of the names that the message lists',
  ],
  Unreachable: [
    'the service could not be reached',
    'for the local server: `mbc-flow dev`; on AWS: check `--region`, the endpoint and the network',
  ],
  UnreadableAnswer: [
    'the response does not come from AWS',
    'check what responds at this endpoint: a proxy, a login page or another server',
  ],
};
