import type { ClientSettings } from '../../src/aws/client.js';
import { silentWaits } from '../silent-waits.js';

/** Of AWS's clients at an endpoint on this machine: nothing holds them back, and they tell nothing. */
export const settingsFor = (endpoint: string, more: Partial<ClientSettings> = {}): ClientSettings => ({
  region: 'ap-northeast-1',
  limiter: { take: async () => {}, throttled() {} },
  waits: silentWaits,
  endpoint,
  anonymous: true,
  verbose: () => {},
  now: Date.now,
  ...more,
});
