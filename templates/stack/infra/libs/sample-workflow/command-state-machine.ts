import * as cdk from 'aws-cdk-lib'
import * as sfn from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'

import {
  frameworkStateMachine,
  FrameworkStateMachineProps,
} from './framework-state-machine'
import { lambdaState } from './lambda-state'

/** Applies commands to the data tables, one version after the other. */
export class CommandStateMachine extends Construct {
  readonly stateMachine: sfn.StateMachine

  constructor(scope: Construct, id: string, props: FrameworkStateMachineProps) {
    super(scope, id)
    const { handler } = props
    const state = (name: string) => lambdaState(this, name, handler)

    const fail = new sfn.Fail(this, 'fail', {
      stateName: 'fail',
      errorPath: '$.error',
      causePath: '$.cause',
    })
    const success = new sfn.Succeed(this, 'success', { stateName: 'success' })
    const syncDataAll = new sfn.Map(this, 'sync_data_all', {
      stateName: 'sync_data_all',
      maxConcurrency: 0,
      itemsPath: '$',
    }).itemProcessor(state('sync_data'))
    const sync = state('set_ttl_command')
      .next(state('history_copy'))
      .next(state('transform_data'))
      .next(syncDataAll)
      .next(state('finish'))
      .next(success)

    // The previous version answers the token. If it failed, or looked before the
    // token was stored, nobody answers: see mbc-flow pending --stuck.
    const waitPrevCommand = lambdaState(this, 'wait_prev_command', handler, {
      waitsFor: cdk.Duration.hours(24),
    })
      .addCatch(
        // An error has Error and Cause; the state fail reads error and cause.
        new sfn.Pass(this, 'wait_timed_out', {
          stateName: 'wait_timed_out',
          parameters: {
            error: sfn.JsonPath.stringAt('$.timeout.Error'),
            cause: 'the previous version was not finished within a day',
          },
        }).next(fail),
        { errors: [sfn.Errors.TIMEOUT], resultPath: '$.timeout' },
      )
      .next(sync)

    const checkVersion = state('check_version').next(
      new sfn.Choice(this, 'check_version_result', {
        stateName: 'check_version_result',
      })
        .when(sfn.Condition.numberEquals('$.result', 0), sync)
        .when(sfn.Condition.numberEquals('$.result', 1), waitPrevCommand)
        .when(sfn.Condition.numberEquals('$.result', -1), fail)
        .otherwise(waitPrevCommand),
    )
    this.stateMachine = frameworkStateMachine(this, props, {
      name: 'command-handler',
      variable: 'SFN_COMMAND_ARN',
      comment: 'Brings commands through to the data tables, in their order',
      definition: checkVersion,
      answered: true,
    })
  }
}
