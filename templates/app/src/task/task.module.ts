import { Module } from '@nestjs/common'

import { TaskSfnEventHandler } from './task.sfn.event.handler'

@Module({ providers: [TaskSfnEventHandler] })
export class TaskModule {}
