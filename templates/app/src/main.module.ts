import { Module } from '@nestjs/common'

import { CustomEventFactory } from './event-factory'
import { ImportModule } from './import/import.module'
import { TaskModule } from './task/task.module'

@Module({
  imports: [ImportModule, TaskModule],
  providers: [CustomEventFactory],
})
export class MainModule {}
