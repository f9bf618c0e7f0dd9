import { EventHandler, IEventHandler } from '@mbc-cqrs-serverless/core'
import { Logger } from '@nestjs/common'

import { SampleWorkflowSfnEvent } from './sample-workflow.sfn.event'

// #each state
/** Input of the state `$stateName`. */
export interface $StateInput {
  // $stateInputFields
  [key: string]: unknown
}
/** What the state `$stateName` hands on. */
export interface $StateOutput {
  // $stateOutputFields
  [key: string]: unknown
}

// #end
/**
 * The work of each state of the state machine sample-workflow. What a method
 * returns is the state's output; what it throws fails the state. A state may
 * run more than once: make its work idempotent.
 */
@EventHandler(SampleWorkflowSfnEvent)
export class SampleWorkflowSfnEventHandler
  implements IEventHandler<SampleWorkflowSfnEvent>
{
  private readonly logger = new Logger(SampleWorkflowSfnEventHandler.name)

  async execute(event: SampleWorkflowSfnEvent<any>): Promise<unknown> {
    this.logger.debug(`${event.stateName} of ${event.context.Execution.Id}`)
    switch (event.stateName) {
      // #each state
      case '$stateName':
        return this.$state(event)
      // #end
      default:
        // Succeeding with nothing would hide it.
        throw new Error(`sample-workflow has no work for ${event.stateName}`)
    }
  }
  // #each state

  private async $state(
    event: SampleWorkflowSfnEvent<$StateInput>,
  ): Promise<$StateOutput> {
    // $stateBody
    return $stateReturn
  }
  // #end
}
