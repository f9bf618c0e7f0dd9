import {
  type AttributeValue,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { TableGateway } from '../ports/aws.js';
import { type ClientSettings, equip, sdkConfig, sender } from './client.js';

/** DynamoDB over the AWS SDK, its items as plain values. */
export function createTableGateway(settings: ClientSettings): TableGateway {
  const client = equip(new DynamoDBClient(sdkConfig(settings)), settings);
  const send = sender(settings, 'DynamoDB');
  return {
    async get(table, key) {
      const { Item } = await send('GetItem', () =>
        client.send(new GetItemCommand({ TableName: table, Key: toAttributes(key), ConsistentRead: true })),
      );
      return Item && unmarshall(Item);
    },

    async keyNames(table) {
      const { Table } = await send('DescribeTable', () =>
        client.send(new DescribeTableCommand({ TableName: table })),
      );
      return (Table?.KeySchema ?? []).flatMap(({ AttributeName }) => AttributeName ?? []);
    },

    async put(table, item, { absent } = {}) {
      await send('PutItem', () =>
        client.send(
          new PutItemCommand({
            TableName: table,
            Item: toAttributes(item),
            ...(absent !== undefined && {
              ConditionExpression: 'attribute_not_exists(#absent)',
              ExpressionAttributeNames: { '#absent': absent },
            }),
          }),
        ),
      );
    },

    async *query(table, { pk, skPrefix, reverse, where, only = [] }) {
      const names = Object.fromEntries(
        [...only, ...(where ? [where.name] : [])].map((name, index) => [`#n${index}`, name]),
      );
      let from: Record<string, AttributeValue> | undefined;
      do {
        const page = await send('Query', () =>
          client.send(
            new QueryCommand({
              TableName: table,
              KeyConditionExpression:
                skPrefix === undefined ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :sk)',
              ExpressionAttributeValues: toAttributes({
                ':pk': pk,
                ...(skPrefix !== undefined && { ':sk': skPrefix }),
                ...(where && { ':where': where.value }),
              }),
              ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
              ...(only.length > 0 && {
                ProjectionExpression: only.map((_, index) => `#n${index}`).join(', '),
              }),
              ...(where && { FilterExpression: `#n${only.length} = :where` }),
              ScanIndexForward: !reverse,
              ExclusiveStartKey: from,
            }),
          ),
        );
        for (const item of page.Items ?? []) yield unmarshall(item);
        from = page.LastEvaluatedKey;
      } while (from);
    },

    async update(table, key, values) {
      const names = Object.keys(values);
      await send('UpdateItem', () =>
        client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: toAttributes(key),
            UpdateExpression: `SET ${names.map((_, index) => `#n${index} = :v${index}`).join(', ')}`,
            // An update of a record that is not there would make a ghost of it.
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#n${index}`, name])),
            ExpressionAttributeValues: toAttributes(
              Object.fromEntries(names.map((name, index) => [`:v${index}`, values[name]])),
            ),
          }),
        ),
      );
    },
  };
}

const toAttributes = (item: Record<string, unknown>): Record<string, AttributeValue> =>
  marshall(item, { removeUndefinedValues: true });
