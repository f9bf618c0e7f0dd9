import * as cdk from 'aws-cdk-lib'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import * as logs from 'aws-cdk-lib/aws-logs'
import * as sfn from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'

export interface FrameworkStateMachineProps {
  /** `<env>-<app>-`. */
  prefix: string
  /** Starts the state machine and runs the work of its states. */
  handler: lambda.IFunction
}

/** A state machine with tracing that logs every event under /aws/vendedlogs. */
export function frameworkStateMachine(
  scope: Construct,
  { prefix, handler }: FrameworkStateMachineProps,
  machine: {
    /** The framework finds its machines by a part of this name. */
    name: string
    comment: string
    definition: sfn.IChainable
    timeout?: cdk.Duration
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
  stateMachine.grantStartExecution(handler)
  return stateMachine
}
