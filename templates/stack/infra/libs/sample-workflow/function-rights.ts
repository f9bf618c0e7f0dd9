import * as cdk from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import * as s3 from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'

/**
 * Allows the function something, by a policy that stands beside what it is
 * about. State machines and queues refer to the function: a policy or a variable
 * of its own that referred to them in turn would be a circular dependency.
 */
export function allow(
  scope: Construct,
  id: string,
  handler: lambda.Function,
  ...statements: iam.PolicyStatementProps[]
): iam.Policy {
  if (!handler.role) throw new Error(`${handler.node.path} has no role`)
  return new iam.Policy(scope, id, {
    roles: [handler.role],
    statements: statements.map((one) => new iam.PolicyStatement(one)),
  })
}

/** The ARN of something of this account and region, by its name. */
export const arnOf = (
  scope: Construct,
  service: string,
  resource: string,
  resourceName?: string,
): string =>
  cdk.Stack.of(scope).formatArn({
    service,
    resource,
    resourceName,
    arnFormat:
      resourceName === undefined
        ? cdk.ArnFormat.NO_RESOURCE_NAME
        : service === 'states'
          ? cdk.ArnFormat.COLON_RESOURCE_NAME
          : cdk.ArnFormat.SLASH_RESOURCE_NAME,
  })

export interface FunctionRightsProps {
  prefix: string
  handler: lambda.Function
  /** S3_BUCKET_NAME of the application. */
  bucket: s3.IBucket
}

/** Tables, files and mail: what the framework's own code works with. */
export class FunctionRights extends Construct {
  constructor(scope: Construct, id: string, props: FunctionRightsProps) {
    super(scope, id)
    const { prefix, handler, bucket } = props
    const tables = arnOf(this, 'dynamodb', 'table', `${prefix}*`)
    allow(
      this,
      'Policy',
      handler,
      {
        actions: [
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:Query',
          'dynamodb:UpdateItem',
        ],
        resources: [tables, `${tables}/index/*`],
      },
      {
        // Large attributes, CSV files, what ZIP archives contain, and results.
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        resources: [bucket.arnForObjects('*')],
      },
      { actions: ['s3:ListBucket'], resources: [bucket.bucketArn] },
      {
        actions: ['ses:SendEmail', 'ses:SendTemplatedEmail'],
        resources: ['*'],
      },
    )
  }
}
