import { createHandler } from '@mbc-cqrs-serverless/core'
import { Module } from '@nestjs/common'

import { CustomEventFactory } from '../../../src/event-factory'
import { SampleWorkflowModule } from '../../../src/sample-workflow/sample-workflow.module'

/** The application, as far as this workflow needs it. */
@Module({ imports: [SampleWorkflowModule], providers: [CustomEventFactory] })
class SampleWorkflowApplication {}

export const handler = createHandler({ rootModule: SampleWorkflowApplication })
