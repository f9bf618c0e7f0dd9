import * as cdk from 'aws-cdk-lib'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import * as logs from 'aws-cdk-lib/aws-logs'
import * as sfn from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'

import { allow, arnOf } from './function-rights'

export interface FrameworkStateMachineProps {
  /** `<stage>-<app>-`. */
  prefix: string
  /** Starts the state machine and runs the work of its states. */
  handler: lambda.Function
}

/**
 * A state machine with tracing that logs every event under /aws/vendedlogs. The
 * function gets its ARN in an environment variable, and may start it.
 */
export function frameworkStateMachine(
  scope: Construct,
  { prefix, handler }: FrameworkStateMachineProps,
  machine: {
    /** The framework finds its machines by a part of this name. */
    name: string
    /** The environment variable in which the framework looks for its ARN. */
    variable: string
    comment: string
    definition: sfn.IChainable
    timeout?: cdk.Duration
    /** A state waits until the function answers it. */
    answered?: boolean
  },
): sfn.StateMachine {
  const name = `${prefix}${machine.name}`
  const stateMachine = new sfn.StateMachine(scope, 'StateMachine', {
    stateMachineName: name,
    comment: machine.comment,
    definitionBody: sfn.DefinitionBody.fromChainable(machine.definition),
    timeout: machine.timeout,
    tracingEnabled: true,
    logs: {
      // Log groups elsewhere use up the account's resource policy for log delivery.
      destination: new logs.LogGroup(scope, 'Logs', {
        logGroupName: `/aws/vendedlogs/states/${name}-logs`,
        retention: logs.RetentionDays.SIX_MONTHS,
        removalPolicy: cdk.RemovalPolicy.DESTROY,
      }),
      level: sfn.LogLevel.ALL,
    },
  })
  const stateMachineArn = arnOf(scope, 'states', 'stateMachine', name)
  handler.addEnvironment(machine.variable, stateMachineArn)
  allow(
    scope,
    'Function',
    handler,
    { actions: ['states:StartExecution'], resources: [stateMachineArn] },
    {
      actions: ['states:DescribeExecution', 'states:GetExecutionHistory'],
      resources: [arnOf(scope, 'states', 'execution', `${name}:*`)],
    },
    ...(machine.answered
      ? [
          {
            // Without it each answer is denied, which only the function's log shows.
            actions: [
              'states:SendTaskSuccess',
              'states:SendTaskFailure',
              'states:SendTaskHeartbeat',
            ],
            resources: [stateMachineArn],
          },
        ]
      : []),
  )
  return stateMachine
}
