import {
  IEvent,
  StepFunctionsContext,
  StepFunctionsEvent,
} from '@mbc-cqrs-serverless/core'

/** A batch of rows: column -> cell. */
export interface ImportInput {
  Items?: Record<string, string>[]
  [key: string]: unknown
}

export class ImportSfnEvent implements IEvent {
  source!: string
  context!: StepFunctionsContext
  input!: ImportInput

  constructor(event: StepFunctionsEvent<ImportInput>) {
    Object.assign(this, event)
    this.source = event.context.StateMachine.Id
  }

  get stateName(): string {
    return this.context.State.Name
  }
}
