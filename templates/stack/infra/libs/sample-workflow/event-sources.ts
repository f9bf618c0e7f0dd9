import * as cdk from 'aws-cdk-lib'
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources'
import * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'

export interface EventSourcesProps {
  prefix: string
  handler: lambda.Function
  tables: dynamodb.ITable[]
}

/** What the function receives from tables and queues, one record at a time. */
export class EventSources extends Construct {
  readonly queues: sqs.Queue[]
  readonly deadLetters: sqs.Queue[]

  constructor(scope: Construct, id: string, props: EventSourcesProps) {
    super(scope, id)
    const { prefix, handler, tables } = props
    const streamFailures = new sqs.Queue(this, 'stream-dead-letter-queue', {
      queueName: `${prefix}stream-dead-letter-queue`,
      retentionPeriod: cdk.Duration.days(14),
    })
    for (const table of tables) {
      handler.addEventSource(
        new sources.DynamoEventSource(table, {
          startingPosition: lambda.StartingPosition.TRIM_HORIZON,
          batchSize: 1,
          filters: [
            lambda.FilterCriteria.filter({
              eventName: lambda.FilterRule.isEqual('INSERT'),
              // Published synchronously: the work is already done. Rules match
              // leaves only: without the type they would exclude nothing.
              dynamodb: {
                NewImage: { syncMode: { S: lambda.FilterRule.notExists() } },
              },
            }),
          ],
          // A record that cannot be processed would block its shard for a day.
          retryAttempts: 5,
          onFailure: new sources.SqsDlq(streamFailures),
        }),
      )
    }

    const made = [
      'task-action-queue',
      'notification-queue',
      'import-action-queue',
    ].map((name) => {
      const deadLetter = new sqs.Queue(this, `${name}-dead-letter`, {
        queueName: `${prefix}${name.replace(/queue$/, 'dead-letter-queue')}`,
        retentionPeriod: cdk.Duration.days(14),
      })
      const queue = new sqs.Queue(this, name, {
        queueName: `${prefix}${name}`,
        // Six times the function's timeout, as Lambda recommends.
        visibilityTimeout: cdk.Duration.minutes(3),
        deadLetterQueue: { queue: deadLetter, maxReceiveCount: 5 },
      })
      handler.addEventSource(
        new sources.SqsEventSource(queue, { batchSize: 1 }),
      )
      return { queue, deadLetter }
    })
    this.queues = made.map(({ queue }) => queue)
    this.deadLetters = [
      streamFailures,
      ...made.map(({ deadLetter }) => deadLetter),
    ]
  }
}
