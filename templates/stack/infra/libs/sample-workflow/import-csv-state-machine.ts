import * as iam from 'aws-cdk-lib/aws-iam'
import * as s3 from 'aws-cdk-lib/aws-s3'
import * as sfn from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'

import {
  frameworkStateMachine,
  FrameworkStateMachineProps,
} from './framework-state-machine'
import { arnOf } from './function-rights'
import { lambdaState } from './lambda-state'

export interface ImportCsvStateMachineProps extends FrameworkStateMachineProps {
  bucket: s3.IBucket
  /** STANDARD children keep their history; EXPRESS ones are cheaper. */
  childType?: sfn.StateMachineType
}

/**
 * Reads a CSV file from S3 and passes its rows to the function in batches. At
 * the end, also after a failure, finalize_parent_job closes the job's record.
 */
export class ImportCsvStateMachine extends Construct {
  readonly stateMachine: sfn.StateMachine

  constructor(scope: Construct, id: string, props: ImportCsvStateMachineProps) {
    super(scope, id)
    const { bucket, handler, prefix } = props
    // Without this flag the CDK silently drops the result writer.
    this.node.setContext(
      '@aws-cdk/aws-stepfunctions:useDistributedMapResultWriterV2',
      true,
    )
    const finalize = lambdaState(this, 'finalize_parent_job', handler)
    finalize.next(
      new sfn.Succeed(this, 'success', {
        stateName: 'success',
      }),
    )
    const map = new sfn.DistributedMap(this, 'import-csv', {
      stateName: 'import-csv',
      label: 'import-csv',
      maxConcurrency: 50,
      mapExecutionType: props.childType ?? sfn.StateMachineType.STANDARD,
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
      // The batches' results would outgrow the state's output: the function
      // reads them where they are written.
      resultWriterV2: new sfn.ResultWriterV2({
        bucket,
        prefix: 'sfn-results/import-csv',
      }),
      resultPath: '$.mapOutput',
    })
      .itemProcessor(lambdaState(this, 'csv_rows_handler', handler))
      .addCatch(finalize, { resultPath: '$.errorOutput' })
      .next(finalize)
    this.stateMachine = frameworkStateMachine(this, props, {
      name: 'import-csv-handler',
      variable: 'SFN_IMPORT_CSV_ARN',
      comment: 'Imports the rows of a CSV file in batches',
      definition: map,
    })
    bucket.grantRead(this.stateMachine)
    bucket.grantPut(this.stateMachine, 'sfn-results/*')
    // To run its children, and to redrive them. A policy of its own: the state
    // machine waits for its role's default one.
    const name = `${prefix}import-csv-handler`
    new iam.Policy(this, 'Children', {
      roles: [this.stateMachine.role],
      statements: [
        new iam.PolicyStatement({
          actions: ['states:StartExecution'],
          resources: [arnOf(this, 'states', 'stateMachine', name)],
        }),
        new iam.PolicyStatement({
          actions: [
            'states:DescribeExecution',
            'states:StopExecution',
            'states:RedriveExecution',
          ],
          resources: [arnOf(this, 'states', 'execution', `${name}/*`)],
        }),
      ],
    })
  }
}
