import type { AuditTrail } from '../ports/audit-trail.js';
import type { Gateways } from '../ports/aws.js';
import type { ClientSettings } from './client.js';
import { once } from './once.js';
import { createStatesGateway } from './states.js';

/** Gateways of one target. Step Functions is loaded at once, every command needs it; the others when first used. */
export function createGateways(
  settingsOf: (service: 'states' | 's3' | 'dynamodb' | 'sqs' | 'other') => ClientSettings,
): Gateways {
  const s3 = once(async () => (await import('./objects.js')).createObjectGateway(settingsOf('s3')));
  const sts = once(async () => (await import('./identity.js')).createIdentityGateway(settingsOf('other')));
  const lambda = once(async () =>
    (await import('./functions.js')).createFunctionGateway(settingsOf('other')),
  );
  const logs = once(async () => (await import('./logs.js')).createLogsGateway(settingsOf('other')));
  const dynamodb = once(async () => (await import('./tables.js')).createTableGateway(settingsOf('dynamodb')));
  const sqs = once(async () => (await import('./queues.js')).createQueueGateway(settingsOf('sqs')));
  const iam = once(async () =>
    (await import('./permissions.js')).createPermissionGateway(settingsOf('other')),
  );
  const cloudwatch = once(async () => (await import('./alarms.js')).createAlarmGateway(settingsOf('other')));
  const metrics = once(async () => (await import('./metrics.js')).createMetricsGateway(settingsOf('other')));
  return {
    states: createStatesGateway(settingsOf('states')),
    objects: {
      bucketAnswers: async (bucket) => (await s3()).bucketAnswers(bucket),
      head: async (bucket, key) => (await s3()).head(bucket, key),
      upload: async (upload) => (await s3()).upload(upload),
      read: async (...object) => (await s3()).read(...object),
      list: async (...objects) => (await s3()).list(...objects),
    },
    identity: { callerIdentity: async () => (await sts()).callerIdentity() },
    functions: {
      environment: async (name) => (await lambda()).environment(name),
      logGroup: async (name) => (await lambda()).logGroup(name),
      eventSources: async (name) => (await lambda()).eventSources(name),
      eventSourceMappings: async () => (await lambda()).eventSourceMappings(),
      invoke: async (name, payload) => (await lambda()).invoke(name, payload),
    },
    logs: {
      async *filterPages(filter) {
        yield* (await logs()).filterPages(filter);
      },
      async *liveTail(tail) {
        yield* (await logs()).liveTail(tail);
      },
    },
    tables: {
      get: async (table, key) => (await dynamodb()).get(table, key),
      keyNames: async (table) => (await dynamodb()).keyNames(table),
      put: async (table, item, options) => (await dynamodb()).put(table, item, options),
      async *query(table, of) {
        yield* (await dynamodb()).query(table, of);
      },
      update: async (table, key, values) => (await dynamodb()).update(table, key, values),
    },
    queues: {
      describe: async (url) => (await sqs()).describe(url),
      url: async (arn) => (await sqs()).url(arn),
      peek: async (url, atMost) => (await sqs()).peek(url, atMost),
    },
    permissions: {
      refused: async (principal, actions, resources) => (await iam()).refused(principal, actions, resources),
    },
    alarms: { ofStateMachines: async () => (await cloudwatch()).ofStateMachines() },
    metrics: { ofStateMachines: async (arns, range) => (await metrics()).ofStateMachines(arns, range) },
  };
}

/** The audit trail in a bucket, loaded when it is first used. */
export function createAuditTrail(place: string, settingsOf: () => ClientSettings): AuditTrail {
  const bucket = once(async () => (await import('./audit-bucket.js')).createAuditBucket(settingsOf(), place));
  return {
    place,
    check: async () => (await bucket()).check(),
    append: async (entry) => (await bucket()).append(entry),
    async *newest(since) {
      yield* (await bucket()).newest(since);
    },
  };
}
