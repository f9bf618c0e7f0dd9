import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import * as cdk from 'aws-cdk-lib'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
// #if csv
import * as iam from 'aws-cdk-lib/aws-iam'
// #end
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

/** The state machine of state-machines/sample-workflow.asl.json with its log group, rights and alarm. */
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
    // #if csv
    props.bucket.grantReadWrite(this.stateMachine)
    // A Distributed Map starts its children as executions of this machine. A
    // policy of its own: the machine waits for its role's default one.
    const { stateMachineArn } = this.stateMachine
    const executionArn = cdk.Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${name}/*`,
      arnFormat: cdk.ArnFormat.COLON_RESOURCE_NAME,
    })
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
          resources: [executionArn],
        }),
      ],
    })
    // #end
    this.stateMachine.grantStartExecution(handler)
    // #if waits
    this.stateMachine.grantTaskResponse(handler)
    // #end
    handler.addEnvironment(
      'SFN_SAMPLE_WORKFLOW_ARN',
      this.stateMachine.stateMachineArn,
    )
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
}
