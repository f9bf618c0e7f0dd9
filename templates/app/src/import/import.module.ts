import { Module } from '@nestjs/common'

import { ImportSfnEventHandler } from './import.sfn.event.handler'

@Module({ providers: [ImportSfnEventHandler] })
export class ImportModule {}
