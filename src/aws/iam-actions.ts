/** Operations that IAM knows by another name than the API, or by another service than Step Functions. */
const services: Record<string, string> = {
  lambda: 'GetFunctionConfiguration ListEventSourceMappings',
  logs: 'FilterLogEvents StartLiveTail',
  dynamodb: 'DescribeTable GetItem PutItem Query UpdateItem',
  sqs: 'GetQueueAttributes GetQueueUrl ReceiveMessage',
  cloudwatch: 'DescribeAlarms GetMetricData',
  iam: 'SimulatePrincipalPolicy',
  sts: 'GetCallerIdentity',
  s3: 'GetObject PutObject AbortMultipartUpload',
};
const others: Record<string, string> = {
  Invoke: 'lambda:InvokeFunction',
  HeadBucket: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  HeadObject: 's3:GetObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  ListParts: 's3:ListMultipartUploadParts',
};
const actions = new Map([
  ...Object.entries(services).flatMap(([service, names]) =>
    names.split(' ').map((name): [string, string] => [name, `${service}:${name}`]),
  ),
  ...Object.entries(others),
]);

/** The IAM action that an API operation of ours needs. */
export const iamAction = (operation: string): string => actions.get(operation) ?? `states:${operation}`;
