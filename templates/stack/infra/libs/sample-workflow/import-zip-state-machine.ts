import * as cdk from 'aws-cdk-lib'
import * as sfn from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'

import {
  frameworkStateMachine,
  FrameworkStateMachineProps,
} from './framework-state-machine'
import { lambdaState } from './lambda-state'

/**
 * Imports the CSV files of a ZIP archive, one after the other. Each waits until
 * the import of its file ends: its import-status message makes the function
 * answer. At the end, finalize_zip_job closes the job's record.
 */
export class ImportZipStateMachine extends Construct {
  readonly stateMachine: sfn.StateMachine

  constructor(scope: Construct, id: string, props: FrameworkStateMachineProps) {
    super(scope, id)
    const { handler } = props
    // A file whose import is lost must not keep the others, and the job, from
    // their end.
    const lost = new sfn.Pass(this, 'file_failed', {
      stateName: 'file_failed',
      parameters: {
        importJobStatus: 'FAILED',
        total: 0,
        succeeded: 0,
        failed: 0,
        error: sfn.JsonPath.stringAt('$.Error'),
        message: sfn.JsonPath.stringAt('$.Cause'),
      },
    })
    const files = new sfn.Map(this, 'process_files', {
      stateName: 'ProcessFilesSequentially',
      itemsPath: '$.sortedS3Keys',
      maxConcurrency: 1,
    })
      .itemProcessor(
        lambdaState(this, 'trigger_single_csv_and_wait', handler, {
          waitsFor: cdk.Duration.hours(24),
          rawAnswer: true,
          comment:
            'Its input is a key alone: an error takes its place (mbc-flow-ignore: MF005)',
        }).addCatch(lost),
      )
      .next(lambdaState(this, 'finalize_zip_job', handler))
    this.stateMachine = frameworkStateMachine(this, props, {
      name: 'import-zip-handler',
      variable: 'SFN_IMPORT_ZIP_ORCHESTRATOR_ARN',
      comment: 'Imports the CSV files of a ZIP archive one after the other',
      definition: files,
      answered: true,
    })
  }
}
