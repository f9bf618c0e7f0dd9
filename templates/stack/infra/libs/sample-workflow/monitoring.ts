import * as cdk from 'aws-cdk-lib'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import * as sns from 'aws-cdk-lib/aws-sns'
import * as sqs from 'aws-cdk-lib/aws-sqs'
import * as sfn from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'

export interface MonitoringProps {
  prefix: string
  handler: lambda.IFunction
  stateMachines: Record<string, { stateMachine: sfn.StateMachine }>
  queues: sqs.Queue[]
  deadLetters: sqs.Queue[]
  /** Where alarms go. */
  topic: sns.ITopic
}

/** Alarms for everything that needs attention, and a dashboard. */
export class Monitoring extends Construct {
  private readonly topic: sns.ITopic
  private readonly prefix: string

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id)
    this.topic = props.topic
    this.prefix = props.prefix
    const dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: `${props.prefix}workflows`,
    })
    for (const [name, { stateMachine }] of Object.entries(
      props.stateMachines,
    )) {
      const metrics = this.watchStateMachine(name, stateMachine)
      dashboard.addWidgets(
        new cloudwatch.GraphWidget({ title: name, width: 24, left: metrics }),
      )
    }
    for (const queue of props.deadLetters) {
      this.alarm(
        `${queue.node.id}-not-empty`,
        queue.metricApproximateNumberOfMessagesVisible(),
      )
    }
    for (const queue of props.queues) {
      this.alarm(
        `${queue.node.id}-age`,
        queue.metricApproximateAgeOfOldestMessage(),
        900,
      )
    }
    const throttles = props.handler.metricThrottles()
    this.alarm('function-throttled', throttles)
    dashboard.addWidgets(
      new cloudwatch.GraphWidget({
        title: 'function',
        width: 24,
        left: [
          props.handler.metricInvocations(),
          props.handler.metricErrors(),
          throttles,
        ],
      }),
    )
  }

  private watchStateMachine(
    name: string,
    stateMachine: sfn.StateMachine,
  ): cloudwatch.IMetric[] {
    const failed = stateMachine.metricFailed()
    const timedOut = stateMachine.metricTimedOut()
    const throttled = stateMachine.metricThrottled()
    this.alarm(`${name}-failed`, failed)
    this.alarm(`${name}-timed-out`, timedOut)
    this.alarm(`${name}-throttled`, throttled)
    this.alarm(`${name}-waiting`, unfinished(stateMachine))
    return [stateMachine.metricStarted(), failed, timedOut, throttled]
  }

  private alarm(name: string, metric: cloudwatch.IMetric, threshold = 1): void {
    const alarm = new cloudwatch.Alarm(this, name, {
      alarmName: `${this.prefix}${name}`,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator:
        cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    })
    alarm.addAlarmAction(new actions.SnsAction(this.topic))
  }
}

/**
 * More executions started in a day than ended: some are waiting. AWS has no
 * metric for the age of a running execution; mbc-flow pending --older-than 1h
 * lists them.
 */
function unfinished(stateMachine: sfn.StateMachine): cloudwatch.MathExpression {
  const daily: cloudwatch.MetricOptions = {
    period: cdk.Duration.days(1),
    statistic: 'Sum',
  }
  return new cloudwatch.MathExpression({
    label: 'begun and not ended within the day',
    expression:
      'FILL(started, 0) - FILL(succeeded, 0) - FILL(failed, 0) - FILL(timedOut, 0) - FILL(aborted, 0)',
    period: cdk.Duration.days(1),
    usingMetrics: {
      started: stateMachine.metricStarted(daily),
      succeeded: stateMachine.metricSucceeded(daily),
      failed: stateMachine.metricFailed(daily),
      timedOut: stateMachine.metricTimedOut(daily),
      aborted: stateMachine.metricAborted(daily),
    },
  })
}
