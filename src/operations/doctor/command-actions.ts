/** The IAM actions of one command; GetCallerIdentity, which several make, needs no permission. */
export interface CommandPermissions {
  /** Without one of these it cannot do what it is for. */
  needs: string[];
  /** Of certain flags, or for what is shown besides: without one of these the rest is done, and told. */
  uses: string[];
}

const states = (names: string): string[] => names.split(' ').map((name) => `states:${name}`);
/** A machine or an execution by its name, or a part of it; an ARN needs none of these. */
const FIND = states('ListStateMachines ListExecutions DescribeExecution');
const FOLLOW = {
  needs: [...FIND, 'states:GetExecutionHistory'],
  uses: [
    ...states('DescribeMapRun DescribeStateMachine DescribeStateMachineForExecution'),
    'logs:FilterLogEvents',
  ],
};
const START = {
  needs: states('ListStateMachines StartExecution'),
  // Its input is checked by the definition; what it does is followed.
  uses: [
    ...states('DescribeStateMachine DescribeExecution GetExecutionHistory ListExecutions DescribeMapRun'),
    'logs:FilterLogEvents',
  ],
};
const answer = (...send: string[]): CommandPermissions => ({
  needs: [
    ...states('ListStateMachines ListExecutions DescribeStateMachine DescribeStateMachineForExecution'),
    ...states(`GetExecutionHistory ${send.join(' ')}`),
  ],
  uses: [...states('DescribeExecution'), 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
});
const UPLOAD = ['s3:PutObject', 's3:GetObject'];
/** For uploads in parts, the bucket's name, and what happened to each row. */
const UPLOADED = [
  ...['s3:ListBucket', 's3:AbortMultipartUpload', 's3:ListBucketMultipartUploads'],
  ...['s3:ListMultipartUploadParts', 'lambda:GetFunctionConfiguration', 'logs:FilterLogEvents'],
  ...['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
];
const ROWS = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
const TRIGGER = {
  needs: ['lambda:InvokeFunction'],
  uses: [
    ...['lambda:ListEventSourceMappings', 'dynamodb:DescribeTable'],
    ...states('ListStateMachines ListExecutions DescribeStateMachine DescribeExecution GetExecutionHistory'),
  ],
};
const RECORDED = {
  needs: [...FIND, ...states('GetExecutionHistory DescribeStateMachineForExecution')],
  uses: [...states('DescribeStateMachine DescribeMapRun'), 's3:GetObject', 's3:ListBucket'],
};

const DESK: CommandPermissions = {
  needs: states('ListStateMachines'),
  uses: [
    ...states('ListExecutions DescribeExecution GetExecutionHistory DescribeStateMachine DescribeMapRun'),
    ...states('DescribeStateMachineForExecution StartExecution StopExecution RedriveExecution'),
    ...states('SendTaskSuccess SendTaskFailure'),
    ...['dynamodb:Query', 'dynamodb:GetItem', 'logs:FilterLogEvents', 'lambda:GetFunctionConfiguration'],
  ],
};

const ofCommands = {
  import: {
    needs: [...states('ListStateMachines DescribeStateMachine StartExecution'), ...UPLOAD],
    uses: [
      ...states('DescribeExecution GetExecutionHistory DescribeMapRun ListMapRuns ListExecutions'),
      ...states('DescribeStateMachineForExecution'),
      ...UPLOADED,
      ...ROWS,
    ],
  },
  'task start': {
    needs: states('ListStateMachines DescribeStateMachine StartExecution'),
    uses: [
      ...states('DescribeExecution GetExecutionHistory DescribeMapRun ListExecutions'),
      ...states('DescribeStateMachineForExecution'),
      ...ROWS,
    ],
  },
  start: { ...START, uses: [...START.uses, ...states('StartSyncExecution TestState'), 'iam:PassRole'] },
  rerun: { ...START, needs: [...START.needs, ...states('ListExecutions DescribeExecution')] },
  redrive: {
    needs: [...FIND, ...states('RedriveExecution GetExecutionHistory')],
    uses: states('DescribeStateMachineForExecution DescribeStateMachine DescribeMapRun'),
  },
  stop: { needs: [...FIND, ...states('StopExecution')], uses: states('GetExecutionHistory') },
  'trigger stream': TRIGGER,
  'trigger queue': TRIGGER,
  top: DESK,
  list: {
    needs: states('ListStateMachines ListExecutions'),
    uses: states('DescribeExecution DescribeStateMachine GetExecutionHistory'),
  },
  show: {
    needs: FIND,
    uses: ['states:GetExecutionHistory', ...FOLLOW.uses],
  },
  watch: FOLLOW,
  history: FOLLOW,
  logs: {
    needs: [...FIND, ...states('DescribeStateMachine GetExecutionHistory'), 'logs:FilterLogEvents'],
    uses: [
      ...states('DescribeStateMachineForExecution'),
      ...['lambda:GetFunctionConfiguration', 'logs:StartLiveTail'],
    ],
  },
  graph: {
    needs: [...FIND, ...states('DescribeStateMachine DescribeStateMachineForExecution GetExecutionHistory')],
    uses: states('DescribeMapRun'),
  },
  'import list': { needs: ['dynamodb:Query'], uses: ['dynamodb:GetItem'] },
  'import show': {
    needs: [...FIND],
    uses: [
      ...states('GetExecutionHistory DescribeMapRun ListMapRuns DescribeStateMachineForExecution'),
      ...UPLOADED,
      ...['s3:GetObject', 'dynamodb:GetItem', 'dynamodb:Query'],
    ],
  },
  'task list': {
    needs: states('ListStateMachines ListExecutions'),
    uses: [...states('DescribeStateMachine GetExecutionHistory'), 'dynamodb:GetItem', 'dynamodb:Query'],
  },
  'task show': {
    needs: [...FIND, ...states('DescribeStateMachineForExecution GetExecutionHistory')],
    uses: [...states('DescribeStateMachine DescribeMapRun'), 'dynamodb:GetItem', 'dynamodb:Query'],
  },
  machines: {
    needs: states('ListStateMachines DescribeStateMachine'),
    uses: states(
      'ListExecutions ListStateMachineVersions ListStateMachineAliases DescribeStateMachineAlias ListTagsForResource',
    ),
  },
  stats: {
    needs: states('ListStateMachines ListExecutions DescribeStateMachine'),
    uses: [...states('GetExecutionHistory DescribeMapRun'), 'cloudwatch:GetMetricData'],
  },
  diff: {
    needs: [...FIND, ...states('DescribeStateMachine DescribeStateMachineForExecution GetExecutionHistory')],
    uses: [],
  },
  open: { needs: FIND, uses: [] },
  pending: {
    needs: states('ListStateMachines ListExecutions DescribeStateMachine GetExecutionHistory'),
    uses: [
      ...states('DescribeExecution DescribeStateMachineForExecution'),
      ...['dynamodb:GetItem', 'dynamodb:Query'],
    ],
  },
  approve: answer('SendTaskSuccess'),
  reject: answer('SendTaskFailure', 'SendTaskSuccess'),
  resume: answer('SendTaskSuccess'),
  fail: answer('SendTaskFailure'),
  heartbeat: answer('SendTaskHeartbeat'),
  audit: { needs: [], uses: ['s3:ListBucket', 's3:GetObject'] },
  rehearse: RECORDED,
  lint: { needs: states('ListStateMachines DescribeStateMachine'), uses: [] },
  test: RECORDED,
  doctor: {
    needs: [],
    uses: [
      ...states('ListStateMachines DescribeStateMachine ListExecutions'),
      ...['lambda:GetFunctionConfiguration', 'lambda:ListEventSourceMappings', 'logs:FilterLogEvents'],
      ...[
        's3:ListBucket',
        'sqs:GetQueueAttributes',
        'cloudwatch:DescribeAlarms',
        'iam:SimulatePrincipalPolicy',
      ],
    ],
  },
} satisfies Record<string, CommandPermissions>;

/** What its pages do besides: each is a command, too. */
const IN_UI = [
  ...(['import', 'import show', 'rerun', 'redrive', 'stop', 'approve', 'reject'] as const),
  ...(['history', 'logs', 'machines', 'stats', 'diff'] as const),
].map((name): CommandPermissions => ofCommands[name]);

/**
 * What each command asks of AWS. `test/cli/shell/permissions.test.ts` holds it against the calls that are made, and
 * `test/console/permissions.test.ts` that of the UI.
 */
export const commandActions: Record<string, CommandPermissions> = {
  ...ofCommands,
  ui: { needs: DESK.needs, uses: [...DESK.uses, ...IN_UI.flatMap(({ needs, uses }) => [...needs, ...uses])] },
};
