import { resolve } from 'node:path';
import { exitCodes, FlowError } from '../errors.js';
import { localAccount, localRegion } from '../framework/conventions.js';
import {
  type AppEnvironment,
  appBucket,
  appEndpoints,
  appMachines,
  appPlace,
  appTablePrefix,
  isLoopback,
  staysHere,
} from './app-environment.js';
import type { FlowConfig } from './config.js';
import type { TargetConfig } from './config-schema.js';
import { flagsAsTyped, type TargetFlags } from './target-flags.js';

/** Where to go, decided; nothing of it was asked over the network. */
export interface TargetSettings {
  name: string;
  kind: 'local' | 'aws';
  /** Undefined: what the AWS SDK finds (AWS_REGION, the profile's own). */
  region?: string;
  profile?: string;
  account?: string;
  /** The account is what config or an ARN expects: credentials of another one are refused. */
  checkAccount: boolean;
  protected: boolean;
  prefix?: string;
  tenant?: string;
  bucket?: string;
  sse?: TargetConfig['sse'];
  sseKmsKeyId?: string;
  /** Of the target `local`: where the app's `.env` has them; Step Functions may be answered by another server there. */
  endpoints: { states?: string; s3?: string; dynamodb?: string; sqs?: string; other?: string };
  /** What the names of its DynamoDB tables begin with; undefined where nothing says it. */
  tablePrefix?: string;
  /** URL of the queue that the framework's import hands its rows to; undefined where nothing says it. */
  importQueue?: string;
  /** Name or ARN of the function that gets the records of tables and queues. */
  eventFunction?: string;
  /** A local stand-in that takes any credentials, and none of our own are meant for it. */
  anonymous: boolean;
  machines: Record<string, string>;
  /** Where its changes are recorded: s3://bucket/prefix, or an absolute path. */
  audit?: string;
  /** Words that reach this target again: '' or ' --target prod'. */
  flagsForHints: string;
}

type Environment = AppEnvironment;
export interface ArnPlace {
  region: string;
  account: string;
}

/**
 * Decides the target by the contract's precedence: flags, then the named target's own settings, then environment
 * and `.env`, which fill gaps only.
 * @param app the app's environment: the process's own and, where that sets nothing, the `.env`'s
 * @param arn region and account of an ARN among the arguments
 * @throws FlowError 2 for a target that is not known, flags that contradict each other, an ARN of another place
 */
export function resolveTarget(
  flags: TargetFlags,
  config: FlowConfig,
  env: Environment,
  app: AppEnvironment,
  arn?: ArnPlace,
): TargetSettings {
  if (flags.local && flags.target !== undefined && flags.target !== 'local') {
    throw usage(`--local and --target ${flags.target} cannot be used together`);
  }
  const flagged = flags.local ? 'local' : flags.target;
  // A profile or an endpoint on the command line is nearer than MBC_FLOW_TARGET or a default.
  if (flagged === undefined && (flags.profile ?? flags.endpointUrl) !== undefined)
    return adHoc(flags, env, arn);
  const named = flagged ?? (env.MBC_FLOW_TARGET || undefined);
  const found = findTarget(named ?? defaultName(config, app), config, env, app);
  if (arn && !fits(override(found, flags), arn)) {
    if (named === undefined) return adHoc(flags, env, arn);
    const { name, account, region } = override(found, flags);
    throw usage(
      `the ARN belongs to account ${arn.account} in ${arn.region}, but target ${name} is in ${account ? `account ${account}, ` : ''}${region}`,
    );
  }
  return override(found, flags);
}

/** @throws FlowError 2 where the default would be AWS by what the environment says */
function defaultName({ defaultTarget = 'local', file }: FlowConfig, app: AppEnvironment): string {
  if (defaultTarget !== 'env' || staysHere(app)) return defaultTarget;
  throw usage('the environment of the app is not on this machine, and so the target env is no default', {
    where: `defaultTarget in ${file}`,
    hint: 'choose it for each command: --target env; or define it under "targets"',
  });
}

function findTarget(name: string, config: FlowConfig, env: Environment, app: AppEnvironment): TargetSettings {
  if (name === 'local' || (name === 'env' && staysHere(app))) return localTarget(config, app);
  if (name === 'env') return envTarget(app, env);
  const found = Object.hasOwn(config.targets, name) ? config.targets[name] : undefined;
  if (found) return configuredTarget(name, found, config.folder, env);
  throw new FlowError(exitCodes.usage, 'UnknownTarget', `target ${name} is not defined`, {
    where: config.file ?? 'no mbc-flow.json was found',
    hint: `known targets: ${['local', ...Object.keys(config.targets)].join(', ')}`,
  });
}

/** The embedded server, and with it what of the app's environment is on this machine. */
function localTarget(config: FlowConfig, app: AppEnvironment): TargetSettings {
  const functions = Object.keys(config.local.functions ?? {});
  const isDefault = ['local', 'env', undefined].includes(config.defaultTarget);
  const settings: TargetSettings = {
    name: 'local',
    kind: 'local',
    region: localRegion,
    account: localAccount,
    checkAccount: false,
    protected: false,
    bucket: 'local-bucket',
    // The only one gets the events; `*` answers to the name that the machines call.
    eventFunction: functions.length === 1 && functions[0] !== '*' ? functions[0] : undefined,
    endpoints: {},
    anonymous: true,
    machines: {},
    flagsForHints: isDefault ? '' : ' --local',
  };
  if (!staysHere(app)) return settings;
  const { sns: _, ...endpoints } = appEndpoints(app);
  const { region = localRegion, account = localAccount } = appPlace(app);
  return {
    ...settings,
    region,
    account,
    bucket: appBucket(app) ?? settings.bucket,
    endpoints,
    // Without an endpoint of their own, there are no tables here.
    tablePrefix: endpoints.dynamodb === undefined ? undefined : appTablePrefix(app),
    importQueue: endpoints.sqs === undefined ? undefined : app.IMPORT_QUEUE_URL || undefined,
    machines: appMachines(app),
  };
}

/** A framework app's environment where it is not on this machine: protected, and never a default. */
function envTarget(app: AppEnvironment, env: Environment): TargetSettings {
  const machines = appMachines(app);
  const states = app.SFN_ENDPOINT || undefined;
  if (states === undefined && Object.keys(machines).length === 0) {
    throw new FlowError(
      exitCodes.usage,
      'UnknownTarget',
      'neither the environment nor a .env file sets SFN_ENDPOINT or SFN_*_ARN',
      {
        where: '--target env',
        hint: 'run the command in a framework app, or use --local',
      },
    );
  }
  const { region, account } = appPlace(app);
  // What such an app does not name must not be looked for at AWS.
  const inside = isLoopback(states) ? states : undefined;
  return {
    name: 'env',
    kind: 'aws',
    region: region ?? env.AWS_DEFAULT_REGION,
    account,
    checkAccount: account !== undefined && !isLoopback(states),
    protected: true,
    bucket: appBucket(app),
    endpoints: {
      states,
      s3: app.S3_ENDPOINT || inside,
      dynamodb: app.DYNAMODB_ENDPOINT || inside,
      sqs: app.SQS_ENDPOINT || inside,
      other: inside,
    },
    importQueue: app.IMPORT_QUEUE_URL || undefined,
    tablePrefix: appTablePrefix(app),
    anonymous: false,
    machines,
    flagsForHints: ' --target env',
  };
}

function configuredTarget(
  name: string,
  target: TargetConfig,
  folder: string,
  env: Environment,
): TargetSettings {
  const { endpointUrl, region, account, prefix, tenant, bucket, sse, sseKmsKeyId, audit } = target;
  const profile = target.profile ?? (env.AWS_PROFILE || undefined);
  return {
    name,
    kind: 'aws',
    region,
    profile,
    account,
    checkAccount: account !== undefined,
    protected: target.protected ?? false,
    prefix,
    tablePrefix: prefix,
    tenant,
    // The embedded server has no function of which the bucket could be read.
    bucket: bucket ?? (isLoopback(endpointUrl) && !appBucket(env) ? 'local-bucket' : undefined),
    eventFunction: target.function,
    sse,
    sseKmsKeyId,
    audit: audit === undefined || audit.startsWith('s3://') ? audit : resolve(folder, audit),
    endpoints: everywhere(endpointUrl),
    anonymous: isLoopback(endpointUrl) && target.profile === undefined && !holdsCredentials(env),
    machines: target.machines ?? {},
    flagsForHints: flagsAsTyped({ target: name }),
  };
}

const everywhere = (endpoint: string | undefined): TargetSettings['endpoints'] => ({
  states: endpoint,
  s3: endpoint,
  dynamodb: endpoint,
  sqs: endpoint,
  other: endpoint,
});

/** A place that only the command line names: protected, unless it is this machine. */
function adHoc(flags: TargetFlags, env: Environment, arn: ArnPlace | undefined): TargetSettings {
  const { endpointUrl, profile, region } = flags;
  const loopback = isLoopback(endpointUrl);
  return {
    name: profile ?? (endpointUrl === undefined ? (arn?.account ?? 'aws') : new URL(endpointUrl).host),
    kind: 'aws',
    region: region ?? arn?.region ?? (loopback && !env.AWS_REGION ? localRegion : undefined),
    profile: profile ?? (loopback ? undefined : env.AWS_PROFILE || undefined),
    account: endpointUrl === undefined ? arn?.account : undefined,
    checkAccount: endpointUrl === undefined && arn !== undefined,
    protected: !loopback,
    bucket: loopback ? 'local-bucket' : undefined,
    endpoints: everywhere(endpointUrl),
    anonymous: loopback && profile === undefined && !holdsCredentials(env),
    machines: {},
    flagsForHints: flagsAsTyped({ endpointUrl, profile, region }),
  };
}

const fits = (settings: TargetSettings, arn: ArnPlace): boolean =>
  ((settings.region === undefined || settings.region === arn.region) &&
    (settings.account === undefined || settings.account === arn.account)) ||
  // Whatever the app's ARNs say, the embedded server has its own place.
  (settings.kind === 'local' && arn.region === localRegion && arn.account === localAccount);

/** Flags on top of a target. */
function override(settings: TargetSettings, flags: TargetFlags): TargetSettings {
  const { endpointUrl, profile, region } = flags;
  if (settings.kind === 'local' && (endpointUrl ?? profile ?? region) !== undefined) {
    const flag = endpointUrl ? '--endpoint-url' : profile ? '--profile' : '--region';
    throw usage(`${flag} is not supported for the target local`);
  }
  return {
    ...settings,
    flagsForHints: settings.flagsForHints + flagsAsTyped({ endpointUrl, profile, region }),
    ...(profile !== undefined && { profile, anonymous: false }),
    ...(region !== undefined && { region }),
    ...(endpointUrl !== undefined && {
      endpoints: everywhere(endpointUrl),
      protected: !isLoopback(endpointUrl),
    }),
  };
}

const holdsCredentials = (env: Environment): boolean =>
  Boolean(env.AWS_ACCESS_KEY_ID || env.AWS_WEB_IDENTITY_TOKEN_FILE);

const usage = (message: string, more: { where?: string; hint?: string } = {}): FlowError =>
  new FlowError(exitCodes.usage, 'BadUsage', message, more);
