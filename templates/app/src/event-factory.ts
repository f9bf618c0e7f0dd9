import {
  DefaultEventFactory,
  EventFactory,
  IEvent,
  StepFunctionsEvent,
} from '@mbc-cqrs-serverless/core'

import { ImportSfnEvent } from './import/import.sfn.event'
import { TaskSfnEvent } from './task/task.sfn.event'

/** Maps events to event classes. The framework uses only this one factory. */
@EventFactory()
export class CustomEventFactory extends DefaultEventFactory {
  async transformStepFunction(
    event: StepFunctionsEvent<any>,
  ): Promise<IEvent[]> {
    const stateMachine = event.context.StateMachine.Name
    if (/(^|-)sfn-task(-handler)?$/.test(stateMachine)) {
      return [new TaskSfnEvent(event)]
    }
    // The children of its Distributed Map are executions of import-csv/<label>.
    if (/(^|-)import-csv(-handler)?(\/|$)/.test(stateMachine)) {
      return [new ImportSfnEvent(event)]
    }
    return super.transformStepFunction(event)
  }
}
