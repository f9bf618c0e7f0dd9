import { EventHandler, IEventHandler } from '@mbc-cqrs-serverless/core'

import { TaskSfnEvent } from './task.sfn.event'

/** Processes one item. An error fails the item, and with it the batch. */
@EventHandler(TaskSfnEvent)
export class TaskSfnEventHandler implements IEventHandler<TaskSfnEvent> {
  async execute(event: TaskSfnEvent): Promise<unknown> {
    const { input } = event.input
    if (typeof input?.fail === 'string') throw new Error(input.fail)
    return { done: input ?? null }
  }
}
