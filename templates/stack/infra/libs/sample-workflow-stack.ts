import * as cdk from 'aws-cdk-lib'
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import * as s3 from 'aws-cdk-lib/aws-s3'
import * as sns from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'

import { CommandStateMachine } from './sample-workflow/command-state-machine'
import { EventSources } from './sample-workflow/event-sources'
import { ImportCsvStateMachine } from './sample-workflow/import-csv-state-machine'
import { Monitoring } from './sample-workflow/monitoring'
import { TaskStateMachine } from './sample-workflow/task-state-machine'

export interface SampleWorkflowStackProps extends cdk.StackProps {
  /** `<env>-<app>-`: the prefix of every name. */
  prefix: string
  /** The application's build: `lambda.Code.fromAsset('dist')`. */
  code: lambda.Code
  /** Environment variables of the application, besides the ARNs of its state machines. */
  environment?: Record<string, string>
  /**
   * Tables whose new records the function receives: tasks, the commands of each
   * module, import_tmp. Each needs a stream with new images.
   */
  tables: dynamodb.ITable[]
  /** S3_BUCKET_NAME of the application: the CSV files to import are there. */
  bucket: s3.IBucket
  /** The topic for alarms. */
  alarmTopic?: sns.ITopic
}

/**
 * The application's function, the framework's three state machines that call it,
 * what starts them and what monitors them. If the application already has a
 * stack, use the constructs of this one in it.
 */
export class SampleWorkflowStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: SampleWorkflowStackProps) {
    super(scope, id, props)
    const { prefix, tables, bucket, alarmTopic } = props

    const handler = new lambda.Function(this, 'lambda-api', {
      functionName: `${prefix}lambda-api`,
      runtime: lambda.Runtime.NODEJS_22_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'main.handler',
      code: props.code,
      environment: props.environment,
      timeout: cdk.Duration.seconds(30),
      memorySize: 512,
      tracing: lambda.Tracing.ACTIVE,
    })
    bucket.grantReadWrite(handler)

    const command = new CommandStateMachine(this, 'Command', {
      prefix,
      handler,
    })
    const task = new TaskStateMachine(this, 'Task', { prefix, handler })
    const importCsv = new ImportCsvStateMachine(this, 'ImportCsv', {
      prefix,
      handler,
      bucket,
    })
    handler.addEnvironment('SFN_COMMAND_ARN', command.stateMachineArn)
    handler.addEnvironment('SFN_TASK_ARN', task.stateMachineArn)
    handler.addEnvironment('SFN_IMPORT_CSV_ARN', importCsv.stateMachineArn)

    const { queues, deadLetters } = new EventSources(this, 'EventSources', {
      prefix,
      handler,
      tables,
    })
    new Monitoring(this, 'Monitoring', {
      prefix,
      handler,
      stateMachines: { command, task, 'import-csv': importCsv },
      queues,
      deadLetters,
      alarmTopic,
    })
  }
}
