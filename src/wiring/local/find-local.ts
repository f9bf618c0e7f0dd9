import type { TargetSettings } from '../../config/resolve-target.js';
import { localAccount, localRegion } from '../../framework/conventions.js';
import { machineName } from '../../workflow/names/arn.js';
import { type Health, localHealth } from './health.js';
import { listens } from './is-listening.js';

/** Who is the target `local`: the embedded server, or what else answers where the app looks for Step Functions. */
export type LocalPlace =
  | { settings: TargetSettings; other: string }
  /** `endpoint`, `dataDir`: of the one that answers there already. */
  | { settings: TargetSettings; other?: undefined; endpoint?: string; dataDir?: string };

/** @param dataDir that the command line names: its server is meant then, wherever the app looks for one */
export async function findLocalPlace(
  settings: TargetSettings,
  dataDir: string | undefined,
): Promise<LocalPlace> {
  const { states } = settings.endpoints;
  const found = states === undefined || dataDir !== undefined ? undefined : await whoAnswers(states);
  if (states !== undefined && found === 'another')
    return { settings: elsewhere(settings, states), other: states };
  if (found === undefined || found === 'another') return { settings: embedded(settings) };
  return { settings: embedded(settings), endpoint: states, dataDir: found.dataDir };
}

/** Whatever the ARNs in the app's `.env` say, the machines of the embedded server are in its own place. */
const embedded = ({ endpoints: { dynamodb, sqs }, ...settings }: TargetSettings): TargetSettings => ({
  ...settings,
  region: localRegion,
  account: localAccount,
  endpoints: { dynamodb, sqs },
  machines: Object.fromEntries(
    Object.entries(settings.machines).map(([role, arn]) => [role, machineName(arn)]),
  ),
});

/** What the app does not name is looked for at this server, never at AWS. */
const elsewhere = ({ endpoints, ...settings }: TargetSettings, states: string): TargetSettings => ({
  ...settings,
  kind: 'aws',
  endpoints: { s3: states, dynamodb: states, sqs: states, other: states, ...defined(endpoints) },
});

const defined = <T extends object>(members: T): Partial<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;

/** Undefined where nobody listens. Whatever takes the connection is somebody, also what answers something strange. */
async function whoAnswers(endpoint: string): Promise<Health | 'another' | undefined> {
  if (!(await listens(endpoint))) return undefined;
  const health = await localHealth(endpoint);
  return health?.dataDir === undefined ? 'another' : health;
}
