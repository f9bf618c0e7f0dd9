// What the app needs beside mbc-flow, in this process: its tables (dynalite), and a topic that takes everything.
// The ports are those of the endpoints in .env.
import { once } from 'node:events';
import { createServer } from 'node:http';
import dynalite from 'dynalite';

const tables = ['product-command', 'product-data', 'product-history', 'product-price', 'master-data'];

const published = `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
<PublishResult><MessageId>00000000-0000-0000-0000-000000000000</MessageId></PublishResult></PublishResponse>`;

/** @returns their endpoints, and what stops them */
export async function startServices(env = process.env) {
  const database = dynalite({ createTableMs: 0 });
  const topic = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('Content-Type', 'text/xml').end(published));
  });
  const dynamodb = await listen(database, env.DYNAMODB_ENDPOINT);
  const sns = await listen(topic, env.SNS_ENDPOINT);
  for (const table of tables) await createTable(dynamodb, `${env.NODE_ENV}-${env.APP_NAME}-${table}`);
  return {
    dynamodb,
    sns,
    stop() {
      for (const server of [database, topic]) server.close();
    },
  };
}

async function listen(server, endpoint) {
  const { hostname, port } = new URL(endpoint);
  server.listen(Number(port), hostname);
  await once(server, 'listening');
  return `http://${hostname}:${server.address().port}`;
}

const createTable = (endpoint, TableName) =>
  request(endpoint, 'CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });

/** One call of DynamoDB; dynalite wants a signature, and looks at its form alone. */
export async function request(endpoint, operation, body) {
  const credential = 'Credential=local/20260101/ap-northeast-1/dynamodb/aws4_request';
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `DynamoDB_20120810.${operation}`,
      'X-Amz-Date': '20260101T000000Z',
      Authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${operation}: ${await response.text()}`);
  return await response.json();
}
