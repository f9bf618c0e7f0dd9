type Pattern = 'sync' | 'sync:2' | 'waitForTaskToken';

const call: readonly Pattern[] = [];
const sync: readonly Pattern[] = ['sync'];
const token: readonly Pattern[] = ['waitForTaskToken'];

const apis = (patterns: readonly Pattern[], ...names: string[]): Record<string, readonly Pattern[]> =>
  Object.fromEntries(names.map((name) => [name, patterns]));

/** Service → its APIs, each with what it has beside the plain call. */
const OPTIMISED: Readonly<Record<string, Record<string, readonly Pattern[]>>> = {
  apigateway: apis(token, 'invoke'),
  athena: {
    ...apis(sync, 'startQueryExecution'),
    ...apis(call, 'stopQueryExecution', 'getQueryExecution', 'getQueryResults'),
  },
  batch: apis(sync, 'submitJob'),
  bedrock: apis(['sync', 'waitForTaskToken'], 'invokeModel', 'createModelCustomizationJob'),
  bedrockagentcore: apis(call, 'invokeHarness'),
  codebuild: {
    ...apis(sync, 'startBuild', 'startBuildBatch', 'retryBuildBatch', 'stopBuildBatch'),
    ...apis(call, 'stopBuild', 'batchDeleteBuilds', 'batchGetReports', 'deleteBuildBatch'),
    ...apis(call, 'batchGetBuildBatches'),
  },
  databrew: apis(sync, 'startJobRun'),
  dynamodb: apis(call, 'getItem', 'putItem', 'updateItem', 'deleteItem'),
  ecs: apis(['sync', 'waitForTaskToken'], 'runTask'),
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
  events: apis(token, 'putEvents'),
  glue: apis(sync, 'startJobRun'),
  http: apis(call, 'invoke'),
  lambda: apis(token, 'invoke'),
  mediaconvert: apis(sync, 'createJob'),
  sagemaker: {
    ...apis(sync, 'createHyperParameterTuningJob', 'createLabelingJob', 'createProcessingJob'),
    ...apis(sync, 'createTrainingJob', 'createTransformJob'),
    ...apis(call, 'createEndpoint', 'createEndpointConfig', 'createModel', 'updateEndpoint'),
  },
  sns: apis(token, 'publish'),
  sqs: apis(token, 'sendMessage'),
  states: apis(['sync', 'sync:2', 'waitForTaskToken'], 'startExecution'),
};

/** The patterns of an API of an optimised integration; undefined where there is no such API. */
export function patternsOf(service: string, name: string): readonly Pattern[] | undefined {
  const found = Object.hasOwn(OPTIMISED, service) ? OPTIMISED[service] : undefined;
  return found && Object.hasOwn(found, name) ? found[name] : undefined;
}
