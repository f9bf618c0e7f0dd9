import { exitCodes, FlowError } from '../../errors.js';

/** IAM actions that finding a machine or an execution takes. */
const FIND = ['states:ListStateMachines', 'states:DescribeStateMachine', 'states:ListExecutions'];
const FOLLOW = [
  ...FIND,
  'states:DescribeExecution',
  'states:DescribeStateMachineForExecution',
  'states:GetExecutionHistory',
  'states:ListMapRuns',
  'states:DescribeMapRun',
];
const ANSWER = [...FOLLOW, 'states:SendTaskSuccess', 'states:SendTaskFailure'];
const UPLOAD = [
  ...['s3:PutObject', 's3:GetObject', 's3:ListBucket'],
  ...['s3:AbortMultipartUpload', 's3:ListBucketMultipartUploads', 's3:ListMultipartUploadParts'],
  'lambda:GetFunctionConfiguration',
];
const LOGS = ['logs:FilterLogEvents', 'logs:StartLiveTail', 'lambda:GetFunctionConfiguration'];
const ROWS = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

/** What each command asks of AWS; GetCallerIdentity needs no permission. */
const COMMANDS: Record<string, string[]> = {
  machines: ['states:ListStateMachines'],
  list: ['states:ListStateMachines', 'states:ListExecutions'],
  show: FOLLOW,
  watch: FOLLOW,
  history: FOLLOW,
  graph: FOLLOW,
  pending: FOLLOW,
  logs: [...FOLLOW, ...LOGS],
  lint: ['states:ListStateMachines', 'states:DescribeStateMachine'],
  start: [...FOLLOW, 'states:StartExecution'],
  rerun: [...FOLLOW, 'states:StartExecution'],
  import: [...FOLLOW, ...UPLOAD, ...ROWS, 'states:StartExecution', 'logs:FilterLogEvents'],
  task: [...FOLLOW, ...ROWS, 'states:StartExecution'],
  approve: ANSWER,
  reject: ANSWER,
  resume: ANSWER,
  fail: ANSWER,
  heartbeat: [...FOLLOW, 'states:SendTaskHeartbeat'],
  stop: [...FOLLOW, 'states:StopExecution'],
  redrive: [...FOLLOW, 'states:RedriveExecution'],
  trigger: [...FOLLOW, 'lambda:InvokeFunction', 'lambda:ListEventSourceMappings'],
  doctor: [
    ...FIND,
    'lambda:GetFunctionConfiguration',
    'lambda:ListEventSourceMappings',
    'logs:FilterLogEvents',
    's3:ListBucket',
    'cloudwatch:DescribeAlarms',
    'iam:SimulatePrincipalPolicy',
  ],
};

export const permissionCommands = (): string[] => Object.keys(COMMANDS);

/** The actions that these commands need, each once, by name. @throws FlowError 2 for a command that is none */
export function actionsOf(commands: string[]): string[] {
  const actions = commands.flatMap((command) => {
    const found = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
    if (found) return found;
    throw new FlowError(
      exitCodes.usage,
      'UnknownCommand',
      `${command} is no command that asks AWS for something`,
      {
        hint: `one of: ${permissionCommands().join(', ')}`,
      },
    );
  });
  return [...new Set(actions)].sort();
}

/** What a policy may name beside `*`. */
export interface PolicyScope {
  bucket?: string;
  /** What the names of the tables begin with. */
  tables?: string;
}

/** What a target says of its bucket and its tables; without one, a policy is of all. */
export const policyScope = ({ bucket, prefix }: { bucket?: string; prefix?: string }): PolicyScope => ({
  bucket: bucket ?? (prefix && `${prefix}ddb-attributes`),
  tables: prefix,
});

/** A policy document that lets one run these commands (`all`: every one), and nothing else. */
export function policyFor(commands: string[], scope: PolicyScope): object {
  const named = commands.filter((command) => command !== '');
  const actions = actionsOf(named.includes('all') ? permissionCommands() : named);
  const statement = (sid: string, service: RegExp, resources: string[]): object[] => {
    const own = actions.filter((action) => service.test(action));
    return own.length === 0 ? [] : [{ Sid: sid, Effect: 'Allow', Action: own, Resource: resources }];
  };
  const bucket = `arn:aws:s3:::${scope.bucket ?? '*'}`;
  return {
    Version: '2012-10-17',
    Statement: [
      // Answers to tasks cannot be narrowed: they name a token, no resource.
      ...statement('StepFunctions', /^states:/, ['*']),
      ...statement('Files', /^s3:/, [bucket, `${bucket}/*`]),
      ...statement('Tables', /^dynamodb:/, [`arn:aws:dynamodb:*:*:table/${scope.tables ?? ''}*`]),
      ...statement('Other', /^(logs|lambda|cloudwatch|iam):/, ['*']),
    ],
  };
}
