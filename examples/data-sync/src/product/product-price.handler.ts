import {
  CommandModel,
  DynamoDbService,
  IDataSyncHandler,
} from '@mbc-cqrs-serverless/core'
import { Injectable } from '@nestjs/common'

/** Keeps prices in a table of their own: the second that a command is synced to. */
@Injectable()
export class ProductPriceHandler implements IDataSyncHandler {
  private readonly tableName: string

  constructor(private readonly dynamoDbService: DynamoDbService) {
    this.tableName = dynamoDbService.getTableName('product-price')
  }

  async up({ pk, sk, version, attributes }: CommandModel): Promise<void> {
    await this.dynamoDbService.putItem(this.tableName, {
      pk,
      sk: sk.split('@')[0],
      version,
      price: attributes?.price,
    })
  }

  async down(): Promise<void> {}
}
