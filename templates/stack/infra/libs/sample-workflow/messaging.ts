import * as cdk from 'aws-cdk-lib'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import * as sns from 'aws-cdk-lib/aws-sns'
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions'
import * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'

import { allow, arnOf } from './function-rights'

export interface MessagingProps {
  prefix: string
  handler: lambda.Function
}

/** The framework's queues, and the actions of the main topic that each one takes. */
const actions: Record<string, string[]> = {
  'task-action-queue': ['task-execute'],
  'sub-task-status-queue': ['sub-task-status'],
  'notification-queue': ['command-status', 'task-status'],
  'import-action-queue': ['import-execute'],
  // The end of an import: its message goes on with a ZIP archive's next file.
  'import-status-queue': ['import-status'],
}

/**
 * The topic on which the framework publishes, the queues that bring its messages
 * back to the function, and the topic of its alarms.
 */
export class Messaging extends Construct {
  readonly alarms: sns.Topic
  readonly queues: sqs.Queue[]
  readonly deadLetters: sqs.Queue[]

  constructor(scope: Construct, id: string, props: MessagingProps) {
    super(scope, id)
    const { prefix, handler } = props
    const main = this.topic(`${prefix}main-sns`)
    this.alarms = this.topic(`${prefix}alarm-sns`)
    // Alarms stay here to be read: nothing takes them.
    const alarmQueue = this.queue('alarm-queue', `${prefix}alarm-queue`)
    this.alarms.addSubscription(
      new subscriptions.SqsSubscription(alarmQueue, {
        rawMessageDelivery: true,
      }),
    )

    const made = Object.entries(actions).map(([name, allowlist]) => {
      const deadLetter = this.queue(
        `${name}-dead-letter`,
        `${prefix}${name.replace(/(-action)?-queue$/, '-dead-letter-queue')}`,
      )
      const queue = this.queue(name, `${prefix}${name}`, deadLetter)
      main.addSubscription(
        new subscriptions.SqsSubscription(queue, {
          rawMessageDelivery: true,
          filterPolicy: {
            action: sns.SubscriptionFilter.stringFilter({ allowlist }),
          },
        }),
      )
      return { queue, deadLetter }
    })
    this.queues = made.map(({ queue }) => queue)
    this.deadLetters = made.map(({ deadLetter }) => deadLetter)

    const topics = ['main-sns', 'alarm-sns'].map((name) =>
      arnOf(this, 'sns', `${prefix}${name}`),
    )
    const [mainArn = '', alarmArn = ''] = topics
    const importQueue = `${prefix}import-action-queue`
    const { region, account, urlSuffix } = cdk.Stack.of(this)
    handler.addEnvironment('SNS_TOPIC_ARN', mainArn)
    handler.addEnvironment('SNS_ALARM_TOPIC_ARN', alarmArn)
    handler.addEnvironment(
      'IMPORT_QUEUE_URL',
      `https://sqs.${region}.${urlSuffix}/${account}/${importQueue}`,
    )
    allow(
      this,
      'Function',
      handler,
      { actions: ['sns:Publish'], resources: topics },
      {
        actions: ['sqs:SendMessage'],
        resources: [arnOf(this, 'sqs', importQueue)],
      },
    )
  }

  private topic(topicName: string): sns.Topic {
    return new sns.Topic(this, topicName, { topicName })
  }

  private queue(id: string, queueName: string, deadLetter?: sqs.Queue) {
    return new sqs.Queue(this, id, {
      queueName,
      // Six times the function's timeout, as Lambda recommends.
      visibilityTimeout: cdk.Duration.minutes(3),
      enforceSSL: true,
      ...(deadLetter
        ? { deadLetterQueue: { queue: deadLetter, maxReceiveCount: 5 } }
        : { retentionPeriod: cdk.Duration.days(14) }),
    })
  }
}
