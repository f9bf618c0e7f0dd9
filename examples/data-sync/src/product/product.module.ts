import { CommandModule } from '@mbc-cqrs-serverless/core'
import { Module } from '@nestjs/common'

import { ProductPriceHandler } from './product-price.handler'

@Module({
  imports: [
    CommandModule.register({
      tableName: 'product',
      dataSyncHandlers: [ProductPriceHandler],
    }),
  ],
})
export class ProductModule {}
