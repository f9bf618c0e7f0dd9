import type { ClientSettings } from '../../aws/client.js';
import { createAuditTrail, createGateways } from '../../aws/connect.js';
import { bothLimiters, createLimiter, limiterOf } from '../../aws/limiter.js';
import { sdkRegion } from '../../aws/region.js';
import type { Target } from '../../cli/shell/target.js';
import { isLoopback } from '../../config/app-environment.js';
import type { TargetSettings } from '../../config/resolve-target.js';
import { exitCodes, FlowError } from '../../errors.js';
import { auditTrailFile } from '../../files/kept/audit-trail-file.js';
import type { LastExecution } from '../../files/kept/last-execution.js';
import type { ExecutionMemory } from '../../operations/find/execution-memory.js';
import { environmentOfFunction, findBucket } from '../../operations/find/find-bucket.js';
import { findExecution } from '../../operations/find/find-execution.js';
import { findMachine, machineReason } from '../../operations/find/find-machine.js';
import type { ImportJournal } from '../../operations/import/import-journal.js';
import type { BatchItems, BatchJournal } from '../../operations/task/batch-journal.js';
import type { AuditEntry } from '../../ports/audit-trail.js';
import type { Gateways } from '../../ports/aws.js';
import type { Clock } from '../../ports/clock.js';
import type { Limiter } from '../../ports/limiter.js';
import type { Wait, Waits } from '../../ports/waits.js';
import { localChanges } from '../local/changes.js';
import type { LocalConnection } from '../local/connection.js';
import { lastHealth, localHealth, localTime } from '../local/health.js';
import { type Audited, createAudited } from './audited.js';
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
  confirm(
    target: { name: string; protected: boolean; loopback: boolean },
    what: string,
    options: { ask: boolean; several: boolean },
  ): Promise<void>;
}

const ourTurn: Wait = {
  on: 'the AWS rate limit',
  missing: 'an account shares a small number of such calls per second; -v logs the calls',
};

/**
 * Connects the settings of a target with gateways, and answers what commands ask of a target.
 * @throws FlowError 4 when the credentials are of another account than expected, before anything else was asked
 */
export async function createTarget(needs: TargetNeeds): Promise<Target> {
  const { settings, local, clock, waits, signal } = needs;
  const { name, prefix, machines, flagsForHints, tenant, bucket, tablePrefix, eventFunction } = settings;
  const region = settings.region ?? (await sdkRegion(settings.profile));
  const localEndpoint = await local?.endpoint();
  const loopback = local !== undefined || isLoopback(settings.endpoints.states);
  // The limiter's waits end with the command: a Ctrl-C does not sit one out.
  const limiterClock = {
    now: clock.now,
    sleep: (milliseconds: number) => waits.during(ourTurn, () => clock.sleep(milliseconds, signal)),
  };
  // A server on this machine is not shared, unless it throttles calls as AWS does.
  const throttles = async (): Promise<boolean> => {
    if (localEndpoint !== undefined) return lastHealth(localEndpoint)?.throttle === true;
    const { states } = settings.endpoints;
    return states !== undefined && (await localHealth(states))?.throttle === true;
  };
  const limiter = limiterOf(async () => createLimiter(limiterClock, loopback && !(await throttles())));
  const clientSettings =
    (limiter: Limiter, waits: Waits) =>
    (service: keyof TargetSettings['endpoints']): ClientSettings => {
      // Beside the embedded server there may be the app's own tables and queues.
      const beside = settings.endpoints[service];
      return {
        region,
        profile: settings.profile,
        limiter,
        endpoint: beside ?? localEndpoint,
        anonymous: settings.anonymous,
        relocate: beside === undefined ? local : undefined,
        verbose: needs.verbose,
        denied: needs.denied,
        now: clock.now,
        waits,
      };
    };
  const { audit } = settings;
  const inBucket = (place: string) => createAuditTrail(place, () => clientSettings(limiter, waits)('s3'));
  const trail =
    audit === undefined ? undefined : audit.startsWith('s3://') ? inBucket(audit) : auditTrailFile(audit);
  const audited =
    trail &&
    createAudited({
      trail,
      target: name,
      region,
      verb: needs.command,
      caller: () => caller(),
      now: clock.now,
      keep: needs.keepEntry,
    });
  if (audited) needs.onAudited(audited);
  const gatewaysWith = (limiter: Limiter, waits: Waits): Gateways => {
    const gateways = redactedGateways(createGateways(clientSettings(limiter, waits)));
    return audited ? audited.gateways(gateways) : gateways;
  };
  const gateways = gatewaysWith(limiter, waits);
  let identity: Promise<{ account: string; arn: string }> | undefined;
  const caller = (): Promise<{ account: string; arn: string }> => {
    identity ??= gateways.identity.callerIdentity();
    return identity;
  };
  const account = async (): Promise<string> => (await caller()).account;
  if (settings.checkAccount) expectAccount(await account(), settings);
  const describe = async (): Promise<string> => {
    const where = local ? `, data in ${needs.dataDir}` : '';
    return `${name} (account ${settings.account ?? (await account())}, ${region}${where})`;
  };
  const machineArn = (reference: string): Promise<string> =>
    findMachine(gateways.states, reference, { prefix, machines, flagsForHints });
  const importFunction = once(async () => environmentOfFunction(gateways, await machineArn('import-csv')));
  return {
    name,
    region,
    account: settings.account,
    protected: settings.protected,
    prefix,
    tenant,
    bucket,
    tablePrefix,
    eventFunction,
    sse: settings.sse,
    sseKmsKeyId: settings.sseKmsKeyId,
    gateways,
    gatewaysAt: (pace) => gatewaysWith(bothLimiters(pace, limiter), untold),
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
    machineArn,
    machineReason: (reference) => machineReason(reference, { prefix, machines }),
    async executionArn(reference) {
      const started = needs.last.read;
      return await findExecution(gateways.states, reference, {
        started,
        machineArn,
        targetName: name,
        flagsForHints,
      });
    },
    journal: needs.journal,
    batches: needs.batches,
    batchItems: needs.batchItems,
    rememberExecution: (executionArn) => needs.last.write(executionArn),
    trail,
    audited: (log) => audited?.answers(log) ?? log,
    callerArn: async () => (await caller()).arn,
    memory: needs.memory,
    async serverNow() {
      const endpoint = (await local?.endpoint()) ?? (loopback ? settings.endpoints.states : undefined);
      return (endpoint === undefined ? undefined : await localTime(endpoint)) ?? clock.now();
    },
    uploadBucket: (flag) =>
      findBucket(gateways.objects, {
        flag,
        bucket,
        appBucket: needs.appBucket,
        prefix,
        functionBucket: async () => (await importFunction()).S3_BUCKET_NAME,
      }),
    // A server on this machine has no environment of functions to ask for.
    importQueue: async () =>
      settings.importQueue ?? (loopback ? undefined : (await importFunction()).IMPORT_QUEUE_URL),
    tableName(name) {
      if (tablePrefix !== undefined) return tablePrefix + name;
      throw new FlowError(
        exitCodes.usage,
        'TablePrefixNeeded',
        `the prefix of the DynamoDB tables of target ${settings.name} is not known`,
        {
          where: `table ${name}`,
          hint: 'set "prefix" of the target in mbc-flow.json, or NODE_ENV and APP_NAME in the app\'s .env',
        },
      );
    },
    flagsForHints,
  };
}

/** Whoever keeps a pace of their own knows that there are waits. */
const untold: Waits = { during: (_wait, work) => work() };

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function expectAccount(found: string, { name, account, profile }: TargetSettings): void {
  if (found === account) return;
  throw new FlowError(
    exitCodes.denied,
    'WrongAccount',
    `the credentials belong to account ${found}, but target ${name} is in account ${account}`,
    {
      where: profile === undefined ? 'credentials from the environment' : `profile ${profile}`,
      hint: `use a profile of account ${account}: --profile NAME`,
    },
  );
}
