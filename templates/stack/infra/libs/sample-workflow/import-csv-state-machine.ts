import * as cdk from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as s3 from 'aws-cdk-lib/aws-s3'
import * as sfn from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'

import {
  frameworkStateMachine,
  FrameworkStateMachineProps,
} from './framework-state-machine'
import { lambdaState } from './lambda-state'

export interface ImportCsvStateMachineProps extends FrameworkStateMachineProps {
  bucket: s3.IBucket
  /** EXPRESS children are cheaper; STANDARD ones keep their history. */
  childType?: sfn.StateMachineType
}

/** Reads a CSV file from S3 and passes its rows to the function in batches. */
export class ImportCsvStateMachine extends Construct {
  readonly stateMachineArn: string
  readonly stateMachine: sfn.StateMachine

  constructor(scope: Construct, id: string, props: ImportCsvStateMachineProps) {
    super(scope, id)
    const { bucket, handler, prefix } = props
    // Without this flag the CDK silently drops the result writer.
    this.node.setContext(
      '@aws-cdk/aws-stepfunctions:useDistributedMapResultWriterV2',
      true,
    )
    const map = new sfn.DistributedMap(this, 'import-csv', {
      stateName: 'import-csv',
      label: 'import-csv',
      maxConcurrency: 50,
      mapExecutionType: props.childType ?? sfn.StateMachineType.EXPRESS,
      itemReader: new sfn.S3CsvItemReader({
        bucketNamePath: sfn.JsonPath.stringAt('$.bucket'),
        key: sfn.JsonPath.stringAt('$.key'),
        csvHeaders: sfn.CsvHeaders.useFirstRow(),
      }),
      itemBatcher: new sfn.ItemBatcher({
        // The function's payload contains a batch twice (as its input and in the
        // context), and is limited to 256 KiB.
        maxItemsPerBatch: 100,
        maxInputBytesPerBatch: 100_000,
        batchInput: { 'Attributes.$': '$' },
      }),
      // The batches' results would outgrow the state's output.
      resultWriterV2: new sfn.ResultWriterV2({
        bucket,
        prefix: 'sfn-results/import-csv',
      }),
    }).itemProcessor(lambdaState(this, 'csv_rows_handler', handler))
    this.stateMachine = frameworkStateMachine(this, props, {
      name: 'import-csv-handler',
      comment: 'Imports the rows of a CSV file in batches',
      definition: map,
    })
    this.stateMachineArn = this.stateMachine.stateMachineArn
    bucket.grantRead(this.stateMachine)
    bucket.grantPut(this.stateMachine, 'sfn-results/*')
    // To run its children, and to redrive them. A policy of its own: the state
    // machine waits for its role's default one.
    const stack = cdk.Stack.of(this)
    const arnOf = (resource: string, resourceName: string) =>
      stack.formatArn({
        service: 'states',
        resource,
        resourceName,
        arnFormat: cdk.ArnFormat.COLON_RESOURCE_NAME,
      })
    const name = `${prefix}import-csv-handler`
    new iam.Policy(this, 'Children', {
      roles: [this.stateMachine.role],
      statements: [
        new iam.PolicyStatement({
          actions: ['states:StartExecution'],
          resources: [arnOf('stateMachine', name)],
        }),
        new iam.PolicyStatement({
          actions: [
            'states:DescribeExecution',
            'states:StopExecution',
            'states:RedriveExecution',
          ],
          resources: [arnOf('execution', `${name}/*`)],
        }),
      ],
    })
  }
}
