type Pattern = 'sync' | 'sync:2' | 'waitForTaskToken';

/** An API of an optimised integration. */
interface Api {
  /** Beside the plain call. */
  patterns: readonly Pattern[];
  /** Members of its request that must be there. */
  required: readonly string[];
}

const call: readonly Pattern[] = [];
const sync: readonly Pattern[] = ['sync'];
const token: readonly Pattern[] = ['waitForTaskToken'];

const apis = (patterns: readonly Pattern[], ...names: string[]): Record<string, Api> =>
  Object.fromEntries(
    names.map((text) => {
      const [name = '', ...required] = text.split(' ');
      return [name, { patterns, required }];
    }),
  );

/** Service → its APIs, each with the members that its request needs. */
const OPTIMISED: Readonly<Record<string, Record<string, Api>>> = {
  apigateway: apis(token, 'invoke ApiEndpoint Method'),
  athena: {
    ...apis(sync, 'startQueryExecution'),
    ...apis(call, 'stopQueryExecution', 'getQueryExecution', 'getQueryResults'),
  },
  batch: apis(sync, 'submitJob JobName JobQueue JobDefinition'),
  bedrock: apis(['sync', 'waitForTaskToken'], 'invokeModel ModelId', 'createModelCustomizationJob'),
  bedrockagentcore: apis(call, 'invokeHarness'),
  codebuild: {
    ...apis(sync, 'startBuild', 'startBuildBatch', 'retryBuildBatch', 'stopBuildBatch'),
    ...apis(call, 'stopBuild', 'batchDeleteBuilds', 'batchGetReports', 'deleteBuildBatch'),
    ...apis(call, 'batchGetBuildBatches'),
  },
  databrew: apis(sync, 'startJobRun'),
  dynamodb: apis(
    call,
    'getItem TableName Key',
    'putItem TableName Item',
    'updateItem TableName Key',
    'deleteItem TableName Key',
  ),
  ecs: apis(['sync', 'waitForTaskToken'], 'runTask TaskDefinition'),
  eks: {
    ...apis(['sync', 'waitForTaskToken'], 'runJob', 'call'),
    ...apis(['sync', 'waitForTaskToken'], 'createCluster', 'deleteCluster', 'createFargateProfile'),
    ...apis(['sync', 'waitForTaskToken'], 'deleteFargateProfile', 'createNodegroup', 'deleteNodegroup'),
  },
  elasticmapreduce: {
    ...apis(sync, 'createCluster', 'terminateCluster', 'addStep'),
    ...apis(call, 'cancelStep', 'setClusterTerminationProtection'),
    ...apis(call, 'modifyInstanceFleetByName', 'modifyInstanceGroupByName'),
  },
  'emr-containers': {
    ...apis(sync, 'deleteVirtualCluster', 'startJobRun'),
    ...apis(call, 'createVirtualCluster'),
  },
  'emr-serverless': {
    ...apis(sync, 'createApplication', 'startApplication', 'stopApplication', 'deleteApplication'),
    ...apis(sync, 'startJobRun', 'cancelJobRun'),
  },
  events: apis(token, 'putEvents Entries'),
  glue: apis(sync, 'startJobRun JobName'),
  http: apis(call, 'invoke'),
  lambda: apis(token, 'invoke FunctionName'),
  mediaconvert: apis(sync, 'createJob'),
  sagemaker: {
    ...apis(sync, 'createHyperParameterTuningJob', 'createLabelingJob', 'createProcessingJob'),
    ...apis(sync, 'createTrainingJob', 'createTransformJob'),
    ...apis(call, 'createEndpoint', 'createEndpointConfig', 'createModel', 'updateEndpoint'),
  },
  sns: apis(token, 'publish Message'),
  sqs: apis(token, 'sendMessage QueueUrl MessageBody'),
  states: apis(['sync', 'sync:2', 'waitForTaskToken'], 'startExecution StateMachineArn'),
};

export function optimisedApi(service: string, name: string): Api | undefined {
  const found = Object.hasOwn(OPTIMISED, service) ? OPTIMISED[service] : undefined;
  return found && Object.hasOwn(found, name) ? found[name] : undefined;
}
