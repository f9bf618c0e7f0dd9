import { Module } from '@nestjs/common'

import { SampleWorkflowSfnEventHandler } from './handler/sample-workflow.sfn.event.handler'
import { SampleWorkflowService } from './sample-workflow.service'

@Module({
  providers: [SampleWorkflowSfnEventHandler, SampleWorkflowService],
  exports: [SampleWorkflowService],
})
export class SampleWorkflowModule {}
