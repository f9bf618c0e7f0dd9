import { expect, test } from 'vitest';
import { appPorts } from '../../src/config/app-environment.js';
import { type EventSourceWishes, eventSourceSettings } from '../../src/config/event-sources.js';

test.each([
  [{}, { port: 8083 }],
  [
    { LOCAL_SFN_PORT: '9083', LOCAL_S3_PORT: '4566' },
    { port: 9083, s3Port: 4566 },
  ],
  [
    { SFN_ENDPOINT: 'http://localhost:7001', S3_ENDPOINT: 'http://127.0.0.1:7002' },
    { port: 7001, s3Port: 7002 },
  ],
  [{ SFN_ENDPOINT: 'http://localhost:7001', LOCAL_SFN_PORT: '7003' }, { port: 7003 }],
  [{ SFN_ENDPOINT: 'http://localhost:7001', S3_ENDPOINT: 'http://localhost:7001' }, { port: 7001 }],
  [{ SFN_ENDPOINT: 'https://states.ap-northeast-1.amazonaws.com', LOCAL_S3_PORT: 'x' }, { port: 8083 }],
])('where dev listens for %j', (app, ports) => {
  expect(appPorts(app as Record<string, string>)).toEqual(ports);
});

const here = { DYNAMODB_ENDPOINT: 'http://localhost:8000', SQS_ENDPOINT: 'http://localhost:9324' };
const sources = (app: Record<string, string>, wishes: EventSourceWishes = {}) =>
  eventSourceSettings(app, wishes).map(({ kind, name, endpoint }) => `${kind} ${name} ${endpoint}`);

test('event sources: those of the framework, where their services are on this machine', () => {
  expect(sources({})).toEqual([]);
  expect(sources({ DYNAMODB_ENDPOINT: 'https://dynamodb.ap-northeast-1.amazonaws.com' })).toEqual([]);
  expect(sources({ DYNAMODB_ENDPOINT: here.DYNAMODB_ENDPOINT, NODE_ENV: 'local', APP_NAME: 'demo' })).toEqual(
    ['stream local-demo-* http://localhost:8000'],
  );
  expect(sources({ LOCAL_SQS_PORT: '9400', IMPORT_QUEUE_URL: 'http://x/1/rows' })).toEqual(
    [
      'task-action-queue',
      'sub-task-status-queue',
      'notification-queue',
      'import-action-queue',
      'import-status-queue',
      'rows',
    ].map((name) => `queue ${name} http://127.0.0.1:9400`),
  );
  expect(sources({}, { always: true })).toContain('stream * http://127.0.0.1:8000');
});

test('no queue but those that the app gives to a function', () => {
  const mapped = [{ kind: 'queue' as const, name: 'orders', functionName: 'shop-dev-main' }];
  const queues = (wishes: EventSourceWishes) =>
    sources(here, wishes).filter((line) => line.startsWith('queue'));
  expect(queues({ mapped })).toEqual(['queue orders http://localhost:9324']);
  expect(queues({ mapped: [] })).toEqual([]);
  expect(queues({ configured: [{ queue: 'own' }], mapped })).toEqual(['queue own http://localhost:9324']);
  expect(sources({}, { configured: [{ queue: 'own' }] })).toEqual([]);
  expect(sources({}, { configured: [{ queue: 'own', endpoint: 'http://127.0.0.1:1' }] })).toEqual([
    'queue own http://127.0.0.1:1',
  ]);
});
