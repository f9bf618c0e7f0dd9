import {
  IEvent,
  StepFunctionsContext,
  StepFunctionsEvent,
} from '@mbc-cqrs-serverless/core'

/** What an execution is started with. `mbc-flow approve <requestId>` finds a paused one by it. */
export interface SampleWorkflowExecutionInput {
  requestId: string
  [key: string]: unknown
}

/** One state of the state machine calls for its work. */
export class SampleWorkflowSfnEvent<TInput = SampleWorkflowExecutionInput>
  implements IEvent
{
  source!: string
  context!: StepFunctionsContext
  /** The state's input. */
  input!: TInput
  /** Only in states that wait. Whoever has it can let the execution go on: keep it secret. */
  taskToken?: string

  constructor(event: StepFunctionsEvent<TInput>) {
    Object.assign(this, event)
    this.source = event.context.StateMachine.Id
  }

  get stateName(): string {
    return this.context.State.Name
  }

  /** What the execution was started with, whatever became of it since. */
  get executionInput(): SampleWorkflowExecutionInput {
    return this.context.Execution.Input as SampleWorkflowExecutionInput
  }
}
