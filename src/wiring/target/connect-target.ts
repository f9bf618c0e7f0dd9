import type { ClientSettings } from '../../aws/client.js';
import { createAuditTrail, createGateways } from '../../aws/connect.js';
import { bothLimiters } from '../../aws/limiter.js';
import { once } from '../../aws/once.js';
import { sdkRegion } from '../../aws/region.js';
import type { Target } from '../../cli/shell/target.js';
import { isLoopback } from '../../config/app-environment.js';
import type { TargetSettings } from '../../config/resolve-target.js';
import { auditTrailFile } from '../../files/kept/audit-trail-file.js';
import type { LastExecution } from '../../files/kept/last-execution.js';
import type { ImportJournal } from '../../operations/import/import-journal.js';
import type { BatchItems, BatchJournal } from '../../operations/task/batch-journal.js';
import type { AuditEntry, AuditTrail } from '../../ports/audit-trail.js';
import type { Gateways } from '../../ports/aws.js';
import type { Clock } from '../../ports/clock.js';
import type { ExecutionMemory } from '../../ports/execution-memory.js';
import type { Limiter } from '../../ports/limiter.js';
import type { Waits } from '../../ports/waits.js';
import type { Confirm } from '../confirm.js';
import { localChanges } from '../local/changes.js';
import type { LocalConnection } from '../local/connection.js';
import { functionFiles, localTime } from '../local/health.js';
import { type Audited, createAudited } from './audited-gateways.js';
import { type Caller, expectAccount } from './expect-account.js';
import { findingOn } from './find-on-target.js';
import { paceOf } from './rate-limits.js';
import { redactedGateways } from './redacted-gateways.js';

export interface TargetNeeds {
  settings: TargetSettings;
  /** For the local target. */
  local?: LocalConnection;
  dataDir: string;
  /** `S3_BUCKET_NAME` of the app or the environment. */
  appBucket?: string;
  clock: Clock;
  waits: Waits;
  signal: AbortSignal;
  verbose: (line: string) => void;
  denied: (action: string) => void;
  last: LastExecution;
  memory: ExecutionMemory;
  journal: ImportJournal;
  batches: BatchJournal;
  batchItems: BatchItems;
  /** The command that runs. */
  command: string;
  /** Where audit entries go that could not be written. */
  keepEntry(entry: AuditEntry): Promise<string>;
  /** Of a target whose changes are recorded. */
  onAudited(audited: Audited): void;
  confirm: Confirm;
}

/**
 * Connects the settings of a target with gateways, and answers what commands ask of a target.
 * @throws FlowError 4 when the credentials are of another account than expected, before anything else was asked
 */
export async function connectTarget(needs: TargetNeeds): Promise<Target> {
  const { settings, local, clock } = needs;
  const { name } = settings;
  const region = settings.region ?? (await sdkRegion(settings.profile));
  const localEndpoint = await local?.endpoint();
  const loopback = local !== undefined || isLoopback(settings.endpoints.states);
  const pace = paceOf(settings, loopback, localEndpoint, needs);
  const clientsAt = clientsOf(region, localEndpoint, needs);
  const trail = trailOf(settings.audit, () => clientsAt(pace, needs.waits)('s3'));
  const caller = once<Caller>(() => gateways.identity.callerIdentity());
  const audited =
    trail &&
    createAudited({
      trail,
      target: name,
      region,
      verb: needs.command,
      caller,
      now: clock.now,
      keep: needs.keepEntry,
    });
  if (audited) needs.onAudited(audited);
  const gatewaysWith = (limiter: Limiter, waits: Waits): Gateways => {
    const gateways = redactedGateways(createGateways(clientsAt(limiter, waits)));
    return audited ? audited.gateways(gateways) : gateways;
  };
  const gateways = gatewaysWith(pace, needs.waits);
  if (settings.checkAccount) expectAccount((await caller()).account, settings);
  const describe = async (): Promise<string> => {
    const where = local ? `, data in ${needs.dataDir}` : '';
    return `${name} (account ${settings.account ?? (await caller()).account}, ${region}${where})`;
  };
  return {
    name,
    region,
    account: settings.account,
    protected: settings.protected,
    prefix: settings.prefix,
    tenant: settings.tenant,
    bucket: settings.bucket,
    tablePrefix: settings.tablePrefix,
    eventFunction: settings.eventFunction,
    sse: settings.sse,
    sseKmsKeyId: settings.sseKmsKeyId,
    gateways,
    gatewaysAt: (own) => gatewaysWith(bothLimiters(own, pace), untold),
    changes: local && localChanges(local, clock),
    loopback,
    pollMilliseconds: loopback ? 250 : 2_000,
    carried: () => local?.carried() ?? false,
    describe,
    async confirm(change, { ask = false, several = false } = {}) {
      await audited?.check();
      const where = { name, protected: settings.protected, loopback };
      await needs.confirm(where, `${await describe()}: ${change}`, { ask, several });
    },
    ...findingOn(settings, gateways, { loopback, appBucket: needs.appBucket, last: needs.last }),
    journal: needs.journal,
    batches: needs.batches,
    batchItems: needs.batchItems,
    trail,
    audited: (log) => audited?.answers(log) ?? log,
    callerArn: async () => (await caller()).arn,
    memory: needs.memory,
    functionFiles: async () => (local ? await functionFiles(await local.endpoint()) : {}),
    async serverNow() {
      const endpoint = (await local?.endpoint()) ?? (loopback ? settings.endpoints.states : undefined);
      return (endpoint === undefined ? undefined : await localTime(endpoint)) ?? clock.now();
    },
    flagsForHints: settings.flagsForHints,
  };
}

/** How the client of each service is made, at a pace. */
function clientsOf(
  region: string,
  localEndpoint: string | undefined,
  { settings, local, clock, verbose, denied }: TargetNeeds,
) {
  return (limiter: Limiter, waits: Waits) =>
    (service: keyof TargetSettings['endpoints']): ClientSettings => {
      // Beside the embedded server there may be the app's own tables and queues.
      const beside = settings.endpoints[service];
      return {
        region,
        profile: settings.profile,
        flagsForHints: settings.flagsForHints,
        limiter,
        endpoint: beside ?? localEndpoint,
        anonymous: settings.anonymous,
        relocate: beside === undefined ? local : undefined,
        verbose,
        denied,
        now: clock.now,
        waits,
      };
    };
}

/** Where the changes on a target are recorded: in a bucket, or in a file. */
function trailOf(place: string | undefined, bucket: () => ClientSettings): AuditTrail | undefined {
  if (place === undefined) return undefined;
  return place.startsWith('s3://') ? createAuditTrail(place, bucket) : auditTrailFile(place);
}

/** Whoever keeps a pace of their own knows that there are waits. */
const untold: Waits = { during: (_wait, work) => work() };
