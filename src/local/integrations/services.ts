import { upperFirst } from './names.js';

/** What has to be known of a service to call it without its SDK, and to tell its failures as AWS does. */
export interface ServiceTraits {
  /** Key of its endpoint in the configuration; by itself the name in the Resource. */
  endpoint: string;
  protocol?: Protocol;
  /** Begins the error names of `aws-sdk` integrations. */
  sdkName: string;
  /** Begins the error names of its optimised integration. */
  optimisedName: string;
  /** As version 1 of the SDK for Java calls its client. */
  clientName: string;
  /** Members that are text on the wire, where a definition may give JSON. */
  texts?: string[];
  /** Error codes that its SDK has classes for; absent: all but the codes that every service may answer with. */
  modelled?: string[];
}

export type Protocol =
  /** `members`: how names of members begin on the wire (in a definition they are always upper case). */
  | { kind: 'json'; target: string; version: '1.0' | '1.1'; members?: 'lower' }
  | { kind: 'query'; version: string }
  | { kind: 's3' };

/** A call as it goes over the wire. */
export interface WireRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body: string;
}

const json = (target: string, version: '1.0' | '1.1', members?: 'lower'): Protocol => ({
  kind: 'json',
  target,
  version,
  members,
});

const events: Partial<ServiceTraits> = {
  endpoint: 'events',
  protocol: json('AWSEvents', '1.1'),
  sdkName: 'EventBridge',
  optimisedName: 'EventBridge',
  clientName: 'AmazonEventBridge',
  texts: ['Detail'],
};
const stepFunctions: Partial<ServiceTraits> = {
  endpoint: 'sfn',
  protocol: json('AWSStepFunctions', '1.0', 'lower'),
  sdkName: 'Sfn',
  optimisedName: 'StepFunctions',
  clientName: 'AWSStepFunctions',
  texts: ['Input', 'Output', 'Definition'],
};

/** By the name that a Resource has for it. */
const known: Record<string, Partial<ServiceTraits>> = {
  athena: { protocol: json('AmazonAthena', '1.1') },
  cloudwatchlogs: {
    endpoint: 'logs',
    protocol: json('Logs_20140328', '1.1', 'lower'),
    sdkName: 'CloudWatchLogs',
  },
  codebuild: { protocol: json('CodeBuild_20161006', '1.1', 'lower'), sdkName: 'CodeBuild' },
  dynamodb: {
    protocol: json('DynamoDB_20120810', '1.0'),
    sdkName: 'DynamoDb',
    optimisedName: 'DynamoDB',
    clientName: 'AmazonDynamoDBv2',
  },
  ecs: {
    protocol: json('AmazonEC2ContainerServiceV20141113', '1.1', 'lower'),
    optimisedName: 'ECS',
    clientName: 'AmazonECS',
  },
  elasticmapreduce: { protocol: json('ElasticMapReduce', '1.1'), optimisedName: 'EMR' },
  eventbridge: events,
  events,
  firehose: { protocol: json('Firehose_20150804', '1.1') },
  glue: { protocol: json('AWSGlue', '1.1'), clientName: 'AWSGlue' },
  kinesis: { protocol: json('Kinesis_20131202', '1.1') },
  kms: { protocol: json('TrentService', '1.1') },
  lambda: { clientName: 'AWSLambda' },
  s3: {
    protocol: { kind: 's3' },
    modelled: [
      'BucketAlreadyExists',
      'BucketAlreadyOwnedByYou',
      'InvalidObjectState',
      'NoSuchBucket',
      'NoSuchKey',
      'NoSuchUpload',
    ],
  },
  sagemaker: { protocol: json('SageMaker', '1.1'), sdkName: 'SageMaker', optimisedName: 'SageMaker' },
  secretsmanager: { protocol: json('secretsmanager', '1.1'), sdkName: 'SecretsManager' },
  sfn: stepFunctions,
  sns: {
    protocol: { kind: 'query', version: '2010-03-31' },
    optimisedName: 'SNS',
    clientName: 'AmazonSNS',
    texts: ['Message'],
  },
  sqs: {
    protocol: json('AmazonSQS', '1.0'),
    optimisedName: 'SQS',
    clientName: 'AmazonSQS',
    texts: ['MessageBody'],
  },
  ssm: { protocol: json('AmazonSSM', '1.1') },
  states: stepFunctions,
  sts: { protocol: { kind: 'query', version: '2011-06-15' }, clientName: 'AWSSecurityTokenService' },
};

/** Services that this server has itself; they are reached like the others, over HTTP. */
export const runsHere = ({ endpoint }: ServiceTraits): boolean =>
  ['sfn', 's3', 'logs', 'sts'].includes(endpoint);

/** @param service with or without `aws-sdk:`; what is not known gets the names that most services follow. */
export function traitsOf(service: string): ServiceTraits {
  const name = service.replace(/^aws-sdk:/, '');
  const title = upperFirst(name);
  const own = Object.hasOwn(known, name) ? known[name] : undefined;
  return { endpoint: name, sdkName: title, optimisedName: title, clientName: `AWS${title}`, ...own };
}
