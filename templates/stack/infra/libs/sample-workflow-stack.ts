import * as cdk from 'aws-cdk-lib'
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import * as s3 from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'

import { CommandStateMachine } from './sample-workflow/command-state-machine'
import { EventSources } from './sample-workflow/event-sources'
import { FunctionRights } from './sample-workflow/function-rights'
import { ImportCsvStateMachine } from './sample-workflow/import-csv-state-machine'
import { ImportZipStateMachine } from './sample-workflow/import-zip-state-machine'
import { Messaging } from './sample-workflow/messaging'
import { Monitoring } from './sample-workflow/monitoring'
import { TaskStateMachine } from './sample-workflow/task-state-machine'

export interface SampleWorkflowStackProps extends cdk.StackProps {
  /** NODE_ENV of the application. */
  stage: 'dev' | 'stg' | 'prod'
  /** APP_NAME of the application: every name begins with `<stage>-<appName>-`. */
  appName: string
  /** The application's build: `lambda.Code.fromAsset('dist')`. */
  code: lambda.Code
  /** SES_FROM_EMAIL: the sender of the application's mail. */
  sesFromEmail: string
  /** Further environment variables: APPSYNC_ENDPOINT, COGNITO_USER_POOL_ID, … */
  environment?: Record<string, string>
  /**
   * Tables whose new records the function receives: tasks, the commands of each
   * module, import_tmp. Each needs a stream with new images.
   */
  tables: dynamodb.ITable[]
  /** S3_BUCKET_NAME of the application: the files to import are there. */
  bucket: s3.IBucket
}

/**
 * The application's function, the framework's state machines that call it, what
 * starts them and what monitors them. If the application already has a stack,
 * use the constructs of this one in it: they can also be in another stack than
 * the function, as they refer to it and it knows them by name only.
 */
export class SampleWorkflowStack extends cdk.Stack {
  readonly handler: lambda.Function
  readonly messaging: Messaging

  constructor(scope: Construct, id: string, props: SampleWorkflowStackProps) {
    super(scope, id, props)
    const { stage, appName, tables, bucket } = props
    const prefix = `${stage}-${appName}-`

    this.handler = new lambda.Function(this, 'lambda-api', {
      functionName: `${prefix}lambda-api`,
      runtime: lambda.Runtime.NODEJS_22_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'main.handler',
      code: props.code,
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        NODE_ENV: stage,
        APP_NAME: appName,
        LOG_LEVEL: 'info',
        EVENT_SOURCE_DISABLED: 'false',
        // A state's payload contains an item twice, and is limited to 256 KiB.
        ATTRIBUTE_LIMIT_SIZE: '102400',
        S3_BUCKET_NAME: bucket.bucketName,
        SES_FROM_EMAIL: props.sesFromEmail,
        ...props.environment,
      },
      timeout: cdk.Duration.seconds(30),
      memorySize: 512,
      tracing: lambda.Tracing.ACTIVE,
      loggingFormat: lambda.LoggingFormat.JSON,
    })
    const { handler } = this
    new FunctionRights(this, 'Rights', { prefix, handler, bucket })

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
    const importZip = new ImportZipStateMachine(this, 'ImportZip', {
      prefix,
      handler,
    })
    this.messaging = new Messaging(this, 'Messaging', { prefix, handler })
    const { queues, deadLetters, alarms } = this.messaging
    const { failures } = new EventSources(this, 'EventSources', {
      prefix,
      handler,
      tables,
      queues,
    })
    new Monitoring(this, 'Monitoring', {
      prefix,
      handler,
      stateMachines: {
        command,
        task,
        'import-csv': importCsv,
        'import-zip': importZip,
      },
      queues,
      deadLetters: [failures, ...deadLetters],
      topic: alarms,
    })
  }
}
