import { boolean, float, integer, list, oneOf, structure, text, type Value } from './shapes.js';

/** What each operation takes, with the limits of AWS's service model (2016-11-23). */

const inputLimit = 262_144;

const arn = text({ min: 1, max: 256 });
const longArn = text({ min: 1, max: 2000 });
const name = text({ min: 1, max: 80 });
const data = text({ max: inputLimit, sensitive: true });
// AWS's model has a minimum of 1, but a blank definition is judged as one.
const definition = text({ max: 1_048_576, sensitive: true });
const description = text({ max: 256, sensitive: true });
const errorName = text({ min: 0, max: 256, sensitive: true });
const cause = text({ min: 0, max: 32_768, sensitive: true });
const taskToken = text({ min: 1, max: 2048 });
const stateName = text({ min: 1, max: 80, sensitive: true });
const includedData = oneOf('ALL_DATA', 'METADATA_ONLY');
const machineType = oneOf('STANDARD', 'EXPRESS');
const traceHeader = text({ min: 0, max: 256, pattern: '\\p{ASCII}*' });

const tagCharacters = '[\\p{L}\\p{N}\\p{Z}_.:/=+\\-@]*';
const tagKey = text({ min: 1, max: 128 });
const tag = structure('Tag', {
  key: text({ min: 1, max: 128, pattern: tagCharacters }),
  value: text({ min: 0, max: 256, pattern: tagCharacters }),
});
const tags = list(tag);

const logGroup = structure('CloudWatchLogsLogGroup', { logGroupArn: arn });
const logDestination = structure('LogDestination', { cloudWatchLogsLogGroup: logGroup });
const loggingConfiguration = structure('LoggingConfiguration', {
  level: oneOf('ALL', 'ERROR', 'FATAL', 'OFF'),
  includeExecutionData: boolean,
  destinations: list(logDestination),
});
const tracingConfiguration = structure('TracingConfiguration', { enabled: boolean });
const encryptionConfiguration = structure(
  'EncryptionConfiguration',
  {
    kmsKeyId: text({ min: 1, max: 2048 }),
    kmsDataKeyReusePeriodSeconds: integer(60, 900),
    type: oneOf('AWS_OWNED_KEY', 'CUSTOMER_MANAGED_KMS_KEY'),
  },
  'type',
);
const route = structure(
  'RoutingConfigurationListItem',
  { stateMachineVersionArn: arn, weight: integer(0, 100) },
  'stateMachineVersionArn',
  'weight',
);
const routingConfiguration = list(route, { min: 1, max: 2 });

const mockErrorOutput = structure('MockErrorOutput', { error: errorName, cause });
const mock = structure('MockInput', {
  result: data,
  errorOutput: mockErrorOutput,
  fieldValidationMode: oneOf('STRICT', 'PRESENT', 'NONE'),
});
const stateConfiguration = structure('TestStateConfiguration', {
  retrierRetryCount: integer(0),
  errorCausedByState: stateName,
  mapIterationFailureCount: integer(0),
  mapItemReaderData: data,
});

const page = { maxResults: integer(0, 1000), nextToken: text({ min: 1, max: 1024 }) };
const start = { stateMachineArn: arn, name, input: data, traceHeader };

export const model = {
  CreateActivity: structure('CreateActivityInput', { name, tags, encryptionConfiguration }, 'name'),
  DeleteActivity: structure('DeleteActivityInput', { activityArn: arn }, 'activityArn'),
  DescribeActivity: structure('DescribeActivityInput', { activityArn: arn }, 'activityArn'),
  ListActivities: structure('ListActivitiesInput', page),
  GetActivityTask: structure('GetActivityTaskInput', { activityArn: arn, workerName: name }, 'activityArn'),

  SendTaskSuccess: structure('SendTaskSuccessInput', { taskToken, output: data }, 'taskToken', 'output'),
  SendTaskFailure: structure('SendTaskFailureInput', { taskToken, error: errorName, cause }, 'taskToken'),
  SendTaskHeartbeat: structure('SendTaskHeartbeatInput', { taskToken }, 'taskToken'),

  CreateStateMachine: structure(
    'CreateStateMachineInput',
    {
      name,
      definition,
      roleArn: arn,
      type: machineType,
      loggingConfiguration,
      tags,
      tracingConfiguration,
      publish: boolean,
      versionDescription: description,
      encryptionConfiguration,
    },
    'name',
    'definition',
    'roleArn',
  ),
  UpdateStateMachine: structure(
    'UpdateStateMachineInput',
    {
      stateMachineArn: arn,
      definition,
      roleArn: arn,
      loggingConfiguration,
      tracingConfiguration,
      publish: boolean,
      versionDescription: description,
      encryptionConfiguration,
    },
    'stateMachineArn',
  ),
  DeleteStateMachine: structure('DeleteStateMachineInput', { stateMachineArn: arn }, 'stateMachineArn'),
  DescribeStateMachine: structure(
    'DescribeStateMachineInput',
    { stateMachineArn: arn, includedData },
    'stateMachineArn',
  ),
  ListStateMachines: structure('ListStateMachinesInput', page),
  ValidateStateMachineDefinition: structure(
    'ValidateStateMachineDefinitionInput',
    { definition, type: machineType, severity: oneOf('ERROR', 'WARNING'), maxResults: integer(0, 100) },
    'definition',
  ),

  PublishStateMachineVersion: structure(
    'PublishStateMachineVersionInput',
    { stateMachineArn: arn, revisionId: text(), description },
    'stateMachineArn',
  ),
  DeleteStateMachineVersion: structure(
    'DeleteStateMachineVersionInput',
    { stateMachineVersionArn: longArn },
    'stateMachineVersionArn',
  ),
  ListStateMachineVersions: structure(
    'ListStateMachineVersionsInput',
    { stateMachineArn: arn, ...page },
    'stateMachineArn',
  ),

  CreateStateMachineAlias: structure(
    'CreateStateMachineAliasInput',
    {
      name: text({ min: 1, max: 80, pattern: '^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$' }),
      description,
      routingConfiguration,
    },
    'name',
    'routingConfiguration',
  ),
  UpdateStateMachineAlias: structure(
    'UpdateStateMachineAliasInput',
    { stateMachineAliasArn: arn, description, routingConfiguration },
    'stateMachineAliasArn',
  ),
  DeleteStateMachineAlias: structure(
    'DeleteStateMachineAliasInput',
    { stateMachineAliasArn: arn },
    'stateMachineAliasArn',
  ),
  DescribeStateMachineAlias: structure(
    'DescribeStateMachineAliasInput',
    { stateMachineAliasArn: arn },
    'stateMachineAliasArn',
  ),
  ListStateMachineAliases: structure(
    'ListStateMachineAliasesInput',
    { stateMachineArn: arn, ...page },
    'stateMachineArn',
  ),

  TagResource: structure('TagResourceInput', { resourceArn: arn, tags }, 'resourceArn', 'tags'),
  UntagResource: structure(
    'UntagResourceInput',
    { resourceArn: arn, tagKeys: list(tagKey) },
    'resourceArn',
    'tagKeys',
  ),
  ListTagsForResource: structure('ListTagsForResourceInput', { resourceArn: arn }, 'resourceArn'),

  StartExecution: structure('StartExecutionInput', start, 'stateMachineArn'),
  StartSyncExecution: structure('StartSyncExecutionInput', { ...start, includedData }, 'stateMachineArn'),
  StopExecution: structure(
    'StopExecutionInput',
    { executionArn: arn, error: errorName, cause },
    'executionArn',
  ),
  RedriveExecution: structure(
    'RedriveExecutionInput',
    { executionArn: arn, clientToken: text({ min: 1, max: 64, pattern: '[!-~]+' }) },
    'executionArn',
  ),
  DescribeExecution: structure('DescribeExecutionInput', { executionArn: arn, includedData }, 'executionArn'),
  DescribeStateMachineForExecution: structure(
    'DescribeStateMachineForExecutionInput',
    { executionArn: arn, includedData },
    'executionArn',
  ),
  ListExecutions: structure('ListExecutionsInput', {
    stateMachineArn: arn,
    statusFilter: oneOf('SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'),
    maxResults: page.maxResults,
    nextToken: text({ min: 1, max: 3096 }),
    mapRunArn: longArn,
    redriveFilter: oneOf('REDRIVEN', 'NOT_REDRIVEN'),
  }),
  GetExecutionHistory: structure(
    'GetExecutionHistoryInput',
    { executionArn: arn, ...page, reverseOrder: boolean, includeExecutionData: boolean },
    'executionArn',
  ),

  ListMapRuns: structure('ListMapRunsInput', { executionArn: arn, ...page }, 'executionArn'),
  DescribeMapRun: structure('DescribeMapRunInput', { mapRunArn: longArn }, 'mapRunArn'),
  UpdateMapRun: structure(
    'UpdateMapRunInput',
    {
      mapRunArn: longArn,
      maxConcurrency: integer(0),
      toleratedFailurePercentage: float(0, 100),
      toleratedFailureCount: integer(0),
    },
    'mapRunArn',
  ),

  TestState: structure(
    'TestStateInput',
    {
      definition,
      roleArn: arn,
      input: data,
      inspectionLevel: oneOf('INFO', 'DEBUG', 'TRACE'),
      revealSecrets: boolean,
      variables: data,
      stateName,
      mock,
      context: data,
      stateConfiguration,
    },
    'definition',
  ),
} as const;

export type Operation = keyof typeof model;
export type Input<O extends Operation> = Value<(typeof model)[O]>;
