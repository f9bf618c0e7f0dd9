import {
  IEvent,
  StepFunctionsContext,
  StepFunctionsEvent,
} from '@mbc-cqrs-serverless/core'

/** One item of a batch. */
export interface TaskItem {
  input?: Record<string, unknown>
  [key: string]: unknown
}

export class TaskSfnEvent implements IEvent {
  source!: string
  context!: StepFunctionsContext
  input!: TaskItem

  constructor(event: StepFunctionsEvent<TaskItem>) {
    Object.assign(this, event)
    this.source = event.context.StateMachine.Id
  }
}
