import * as cdk from 'aws-cdk-lib'
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'

import { allow } from './function-rights'

export interface EventSourcesProps {
  prefix: string
  handler: lambda.Function
  tables: dynamodb.ITable[]
  queues: sqs.Queue[]
}

/** What the function receives from tables and queues, one record at a time. */
export class EventSources extends Construct {
  /** Stream records that could not be processed. */
  readonly failures: sqs.Queue

  constructor(scope: Construct, id: string, props: EventSourcesProps) {
    super(scope, id)
    const { prefix, handler, tables, queues } = props
    this.failures = new sqs.Queue(this, 'stream-dead-letter-queue', {
      queueName: `${prefix}stream-dead-letter-queue`,
      retentionPeriod: cdk.Duration.days(14),
      enforceSSL: true,
    })
    const streams = tables.map((table) => {
      if (table.tableStreamArn) return table.tableStreamArn
      throw new Error(`the table ${table.node.path} has no stream`)
    })
    const rights = allow(
      this,
      'Function',
      handler,
      ...consumption(streams, queues),
      {
        actions: ['sqs:SendMessage'],
        resources: [this.failures.queueArn],
      },
    )
    const made = [
      ...streams.map((stream, index) => this.stream(index, stream, handler)),
      ...queues.map(
        (queue) =>
          new lambda.EventSourceMapping(this, queue.node.id, {
            target: handler,
            eventSourceArn: queue.queueArn,
            batchSize: 1,
          }),
      ),
    ]
    // Lambda refuses a source that the function may not read.
    for (const mapping of made) mapping.node.addDependency(rights)
  }

  private stream(index: number, arn: string, handler: lambda.Function) {
    return new lambda.EventSourceMapping(this, `stream-${index}`, {
      target: handler,
      eventSourceArn: arn,
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: 1,
      filters: [
        lambda.FilterCriteria.filter({
          eventName: lambda.FilterRule.isEqual('INSERT'),
          // Published synchronously: the work is already done. Rules match leaves
          // only: without the type they would exclude nothing.
          dynamodb: {
            NewImage: { syncMode: { S: lambda.FilterRule.notExists() } },
          },
        }),
      ],
      // A record that cannot be processed would block its shard for a day.
      retryAttempts: 5,
      onFailure: { bind: () => ({ destination: this.failures.queueArn }) },
    })
  }
}

function consumption(
  streams: string[],
  queues: sqs.Queue[],
): iam.PolicyStatementProps[] {
  const reading = {
    actions: [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
    ],
    resources: streams,
  }
  return [
    ...(streams.length > 0
      ? [reading, { actions: ['dynamodb:ListStreams'], resources: ['*'] }]
      : []),
    {
      actions: [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
      ],
      resources: queues.map(({ queueArn }) => queueArn),
    },
  ]
}
