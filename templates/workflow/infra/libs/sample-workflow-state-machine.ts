import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import * as cdk from 'aws-cdk-lib'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import * as logs from 'aws-cdk-lib/aws-logs'
// #if csv
import * as s3 from 'aws-cdk-lib/aws-s3'
// #end
import * as sfn from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'

export interface SampleWorkflowStateMachineProps {
  /** `<env>-<app>-`, as all names of the application begin. */
  prefix: string
  /** The application's function: it does the work of the states. */
  handler: lambda.Function
  // #if csv
  /** Where the CSV files are; the results are written beside them. */
  bucket: s3.IBucket
  // #end
}

/**
 * The state machine of state-machines/sample-workflow.asl.json with its log
 * group, rights and alarm. It refers to the function, which knows it by name
 * only: both ways would be a circular dependency, in one stack or in two.
 */
export class SampleWorkflowStateMachine extends Construct {
  readonly stateMachine: sfn.StateMachine

  constructor(
    scope: Construct,
    id: string,
    props: SampleWorkflowStateMachineProps,
  ) {
    super(scope, id)
    const { prefix, handler } = props
    const name = `${prefix}sample-workflow`
    const definition = join(
      __dirname,
      '../state-machines/sample-workflow.asl.json',
    )
    this.stateMachine = new sfn.StateMachine(this, 'StateMachine', {
      stateMachineName: name,
      definitionBody: sfn.DefinitionBody.fromString(
        readFileSync(definition, 'utf8'),
      ),
      definitionSubstitutions: { LambdaFunctionArn: handler.functionArn },
      tracingEnabled: true,
      logs: {
        destination: new logs.LogGroup(this, 'Logs', {
          logGroupName: `/aws/vendedlogs/states/${name}`,
          retention: logs.RetentionDays.SIX_MONTHS,
          removalPolicy: cdk.RemovalPolicy.DESTROY,
        }),
        level: sfn.LogLevel.ALL,
        includeExecutionData: true,
      },
    })
    handler.grantInvoke(this.stateMachine)
    const stateMachineArn = this.arnOf('stateMachine', name)
    // #if csv
    props.bucket.grantReadWrite(this.stateMachine)
    // A Distributed Map starts its children as executions of this machine. A
    // policy of its own: the machine waits for its role's default one.
    new iam.Policy(this, 'DistributedMap', {
      roles: [this.stateMachine.role],
      statements: [
        new iam.PolicyStatement({
          actions: ['states:StartExecution'],
          resources: [stateMachineArn],
        }),
        new iam.PolicyStatement({
          actions: [
            'states:DescribeExecution',
            'states:StopExecution',
            'states:RedriveExecution',
          ],
          resources: [this.arnOf('execution', `${name}/*`)],
        }),
      ],
    })
    // #end
    handler.addEnvironment('SFN_SAMPLE_WORKFLOW_ARN', stateMachineArn)
    if (!handler.role) throw new Error(`${handler.node.path} has no role`)
    new iam.Policy(this, 'Function', {
      roles: [handler.role],
      statements: [
        new iam.PolicyStatement({
          actions: [
            'states:StartExecution',
            // #if waits
            'states:SendTaskSuccess',
            'states:SendTaskFailure',
            'states:SendTaskHeartbeat',
            // #end
          ],
          resources: [stateMachineArn],
        }),
      ],
    })
    new cloudwatch.Alarm(this, 'Failed', {
      alarmName: `${name}-failed`,
      metric: this.stateMachine.metricFailed({
        period: cdk.Duration.minutes(5),
      }),
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    })
  }

  private arnOf(resource: string, resourceName: string): string {
    return cdk.Stack.of(this).formatArn({
      service: 'states',
      resource,
      resourceName,
      arnFormat: cdk.ArnFormat.COLON_RESOURCE_NAME,
    })
  }
}
