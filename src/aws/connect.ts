import type { ClientSettings } from './client.js';
import type { Gateways, IdentityGateway, ObjectGateway } from './gateways.js';
import { createStatesGateway } from './states.js';

/** Gateways of one target. Step Functions is loaded at once, every command needs it; the others when first used. */
export function createGateways(settingsOf: (service: 'states' | 's3' | 'other') => ClientSettings): Gateways {
  let objects: Promise<ObjectGateway> | undefined;
  let identity: Promise<IdentityGateway> | undefined;
  const s3 = (): Promise<ObjectGateway> =>
    (objects ??= import('./objects.js').then(({ createObjectGateway }) =>
      createObjectGateway(settingsOf('s3')),
    ));
  const sts = (): Promise<IdentityGateway> =>
    (identity ??= import('./identity.js').then(({ createIdentityGateway }) =>
      createIdentityGateway(settingsOf('other')),
    ));
  return {
    states: createStatesGateway(settingsOf('states')),
    objects: {
      bucketAnswers: async (bucket) => (await s3()).bucketAnswers(bucket),
      head: async (bucket, key) => (await s3()).head(bucket, key),
      upload: async (upload) => (await s3()).upload(upload),
      read: async (bucket, key) => (await s3()).read(bucket, key),
      list: async (bucket, prefix) => (await s3()).list(bucket, prefix),
    },
    identity: { callerIdentity: async () => (await sts()).callerIdentity() },
  };
}
