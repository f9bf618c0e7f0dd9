import { DefaultEventFactory, EventFactory } from '@mbc-cqrs-serverless/core'

@EventFactory()
export class CustomEventFactory extends DefaultEventFactory {}
