import type { ClientSettings } from './aws/client.js';
import { createGateways } from './aws/connect.js';
import { createLimiter, noLimiter } from './aws/limiter.js';
import type { Target } from './cli/command.js';
import { isLoopback, type TargetSettings } from './config/target.js';
import { exitCodes, FlowError } from './errors.js';
import type { LocalConnection } from './local-connection.js';
import { findBucket } from './operations/find-bucket.js';
import { findExecution } from './operations/find-execution.js';
import { findMachine } from './operations/find-machine.js';

export interface TargetNeeds {
  settings: TargetSettings;
  /** For the local target. */
  local?: LocalConnection;
  dataDir: string;
  appBucket?: string;
  clock: { now(): number; sleep(milliseconds: number): Promise<void> };
  verbose: (line: string) => void;
  last: { read(): Promise<string | undefined>; write(executionArn: string): Promise<void> };
  confirm(target: { name: string; protected: boolean }, what: string, ask: boolean): Promise<void>;
}

/** Connects the settings of a target with gateways, and answers what commands ask of a target. */
export async function createTarget(needs: TargetNeeds): Promise<Target> {
  const { settings, local } = needs;
  const localEndpoint = await local?.endpoint();
  const loopback =
    local !== undefined || (settings.endpoints.states !== undefined && isLoopback(settings.endpoints.states));
  const limiter = loopback ? noLimiter : createLimiter(needs.clock);
  const gateways = createGateways((service): ClientSettings => {
    const endpoint = localEndpoint ?? settings.endpoints[service];
    return {
      region: settings.region,
      profile: settings.profile,
      limiter,
      endpoint,
      anonymous: endpoint !== undefined && isLoopback(endpoint) && settings.profile === undefined,
      relocate: local,
      verbose: needs.verbose,
      now: needs.clock.now,
    };
  });
  let identity: Promise<string> | undefined;
  const account = (): Promise<string> => (identity ??= checkedAccount(gateways.identity, settings));
  const describe = async (): Promise<string> => {
    const where = local ? `, data in ${needs.dataDir}` : '';
    return `${settings.name} (account ${await account()}, ${settings.region}${where})`;
  };
  const { flagsForHints, prefix, machines } = settings;
  return {
    name: settings.name,
    region: settings.region,
    account: settings.account,
    protected: settings.protected,
    prefix,
    tenant: settings.tenant,
    bucket: settings.bucket,
    gateways,
    pollMilliseconds: loopback ? 200 : 2_000,
    carried: () => local?.carried() ?? false,
    describe,
    async confirm(change, { ask = false } = {}) {
      await needs.confirm(settings, `${await describe()}: ${change}`, ask);
    },
    machineArn: (reference) => findMachine(gateways.states, reference, { prefix, machines, flagsForHints }),
    async executionArn(reference) {
      const last = reference === '@last' ? await needs.last.read() : undefined;
      return await findExecution(gateways.states, reference, {
        last,
        targetName: settings.name,
        flagsForHints,
      });
    },
    rememberExecution: (executionArn) => needs.last.write(executionArn),
    uploadBucket: (flag) =>
      findBucket(gateways.objects, { flag, bucket: settings.bucket, appBucket: needs.appBucket, prefix }),
    flagsForHints,
  };
}

/** Who we are there; another account than the config expects is refused before anything is done. */
async function checkedAccount(
  identity: { callerIdentity(): Promise<{ account: string }> },
  settings: TargetSettings,
): Promise<string> {
  const { account } = await identity.callerIdentity();
  if (settings.account !== undefined && settings.account !== account) {
    throw new FlowError(
      exitCodes.denied,
      'WrongAccount',
      `the credentials are of account ${account}, the target ${settings.name} is account ${settings.account}`,
      { hint: 'check --profile, or the profile of the target in mbc-flow.json' },
    );
  }
  return account;
}
