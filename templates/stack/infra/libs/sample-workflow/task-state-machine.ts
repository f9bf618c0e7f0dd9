import * as cdk from 'aws-cdk-lib'
import * as sfn from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'

import {
  frameworkStateMachine,
  FrameworkStateMachineProps,
} from './framework-state-machine'
import { lambdaState } from './lambda-state'

/** Processes the sub-tasks of a task, two at a time, for up to 15 minutes. */
export class TaskStateMachine extends Construct {
  readonly stateMachine: sfn.StateMachine

  constructor(scope: Construct, id: string, props: FrameworkStateMachineProps) {
    super(scope, id)
    const map = new sfn.Map(this, 'map_state', {
      stateName: 'map_state',
      maxConcurrency: 2,
      inputPath: '$',
      itemsPath: '$',
    }).itemProcessor(lambdaState(this, 'iterator', props.handler))
    this.stateMachine = frameworkStateMachine(this, props, {
      // The framework's factory looks for sfn-task: it would treat the events
      // of task-handler as commands.
      name: 'sfn-task-handler',
      variable: 'SFN_TASK_ARN',
      comment: 'Works on the sub-tasks of a task with bounded concurrency',
      definition: map,
      timeout: cdk.Duration.minutes(15),
    })
  }
}
