import { exitCodes, FlowError } from '../errors.js';
import { localAccount, localRegion } from '../framework/conventions.js';
import type { FlowConfig } from './config.js';
import type { TargetConfig } from './config-schema.js';

/** The global flags that choose a target, and what stands in for them. */
export interface TargetFlags {
  target?: string;
  local?: boolean;
  profile?: string;
  region?: string;
  endpointUrl?: string;
}

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
  endpoints: { states?: string; s3?: string; dynamodb?: string; other?: string };
  /** What the names of its DynamoDB tables begin with; undefined where nothing says it. */
  tablePrefix?: string;
  /** Name or ARN of the function that gets the records of tables and queues. */
  eventFunction?: string;
  /** A local stand-in that takes any credentials, and none of our own are meant for it. */
  anonymous: boolean;
  machines: Record<string, string>;
  /** Words that reach this target again: '' or ' --target prod'. */
  flagsForHints: string;
}

type Environment = Record<string, string | undefined>;
interface ArnPlace {
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
  app: Record<string, string>,
  arn?: ArnPlace,
): TargetSettings {
  if (flags.local && flags.target !== undefined && flags.target !== 'local') {
    throw usage(`--local and --target ${flags.target} cannot be used together`);
  }
  if (flags.endpointUrl !== undefined) checkEndpoint(flags.endpointUrl);
  const flagged = flags.local ? 'local' : flags.target;
  // A profile or an endpoint on the command line is nearer than MBC_FLOW_TARGET or a default.
  if (flagged === undefined && (flags.profile ?? flags.endpointUrl) !== undefined)
    return adHoc(flags, env, arn);
  const named = flagged ?? (env.MBC_FLOW_TARGET || undefined);
  const found = findTarget(named ?? defaultName(config, env, app), config, env, app);
  if (arn && !fits(override(found, flags), arn)) {
    if (named === undefined) return adHoc(flags, env, arn);
    const { name, account, region } = override(found, flags);
    throw usage(
      `the ARN belongs to account ${arn.account} in ${arn.region}, but target ${name} is in ${account ? `account ${account}, ` : ''}${region}`,
    );
  }
  return override(found, flags);
}

function defaultName({ defaultTarget }: FlowConfig, env: Environment, app: Record<string, string>): string {
  // Who names a server in the environment of this very command means it, and not the one that `local` carries.
  const open = defaultTarget === undefined || (defaultTarget === 'local' && Boolean(env.SFN_ENDPOINT));
  if (open && staysHere(app)) return 'env';
  return defaultTarget ?? 'local';
}

/** @throws FlowError 2; what is given is not repeated where a password may be in it */
function checkEndpoint(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.username || url?.password || /^\w+:\/\/[^/]*@/.test(text))
    throw usage('--endpoint-url must not contain a user name or password; credentials come from the AWS SDK');
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '')
    throw usage(`--endpoint-url ${text} is not a valid http or https URL`);
}

/** All endpoints that an app names are on this machine. */
const staysHere = ({ SFN_ENDPOINT, S3_ENDPOINT, DYNAMODB_ENDPOINT }: Record<string, string>): boolean =>
  isLoopback(SFN_ENDPOINT) &&
  [S3_ENDPOINT, DYNAMODB_ENDPOINT].every((endpoint) => !endpoint || isLoopback(endpoint));

function findTarget(
  name: string,
  config: FlowConfig,
  env: Environment,
  app: Record<string, string>,
): TargetSettings {
  if (name === 'local') return localTarget(config);
  if (name === 'env') return envTarget(app, env);
  const found = Object.hasOwn(config.targets, name) ? config.targets[name] : undefined;
  if (found) return configuredTarget(name, found, env);
  throw new FlowError(exitCodes.usage, 'UnknownTarget', `target ${name} is not defined`, {
    where: config.file ?? 'no mbc-flow.json was found',
    hint: `known targets: ${['local', ...Object.keys(config.targets)].join(', ')}`,
  });
}

function localTarget(config: FlowConfig): TargetSettings {
  const functions = Object.keys(config.local.functions ?? {});
  const isDefault = config.defaultTarget === undefined || config.defaultTarget === 'local';
  return {
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
}

/** A framework app's environment. */
function envTarget(app: Record<string, string>, env: Environment): TargetSettings {
  const roles = {
    command: app.SFN_COMMAND_ARN,
    task: app.SFN_TASK_ARN,
    'import-csv': app.SFN_IMPORT_CSV_ARN || app.SFN_CSV_IMPORT_ARN,
  };
  const machines = Object.entries(roles).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const states = app.SFN_ENDPOINT || undefined;
  if (states === undefined && machines.length === 0) {
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
  const loopback = staysHere(app);
  const inside = loopback ? states : undefined;
  const [, region, account] = /^arn:[\w-]+:states:([\w-]+):(\d+):/.exec(machines[0]?.[1] ?? '') ?? [];
  return {
    name: 'env',
    kind: 'aws',
    region: app.SFN_REGION || (region ?? (loopback ? localRegion : env.AWS_DEFAULT_REGION)),
    // A stand-in on loopback has the account that its ARNs say; it may well not speak STS.
    account: account ?? (loopback ? localAccount : undefined),
    checkAccount: !loopback && account !== undefined,
    protected: !loopback,
    bucket: app.S3_BUCKET_NAME || undefined,
    // What a local app does not name must not be looked for at AWS.
    endpoints: {
      states,
      s3: app.S3_ENDPOINT || inside,
      dynamodb: app.DYNAMODB_ENDPOINT || inside,
      other: inside,
    },
    tablePrefix: app.NODE_ENV && app.APP_NAME ? `${app.NODE_ENV}-${app.APP_NAME}-` : undefined,
    anonymous: loopback,
    machines: Object.fromEntries(machines),
    flagsForHints: ' --target env',
  };
}

function configuredTarget(name: string, target: TargetConfig, env: Environment): TargetSettings {
  const { endpointUrl, region, account, prefix, tenant, bucket, sse, sseKmsKeyId } = target;
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
    bucket,
    eventFunction: target.function,
    sse,
    sseKmsKeyId,
    endpoints: everywhere(endpointUrl),
    anonymous: isLoopback(endpointUrl) && target.profile === undefined && !holdsCredentials(env),
    machines: target.machines ?? {},
    flagsForHints: ` --target ${name}`,
  };
}

const everywhere = (endpoint: string | undefined): TargetSettings['endpoints'] => ({
  states: endpoint,
  s3: endpoint,
  dynamodb: endpoint,
  other: endpoint,
});

/** A place that only the command line names: protected, unless it is this machine. */
function adHoc(flags: TargetFlags, env: Environment, arn: ArnPlace | undefined): TargetSettings {
  const { endpointUrl, profile, region } = flags;
  const loopback = isLoopback(endpointUrl);
  const words = [
    profile && `--profile ${profile}`,
    region && `--region ${region}`,
    endpointUrl && `--endpoint-url ${endpointUrl}`,
  ].filter(Boolean);
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
    flagsForHints: words.length > 0 ? ` ${words.join(' ')}` : '',
  };
}

const fits = (settings: TargetSettings, arn: ArnPlace): boolean =>
  (settings.region === undefined || settings.region === arn.region) &&
  (settings.account === undefined || settings.account === arn.account);

/** Flags on top of a target. */
function override(settings: TargetSettings, flags: TargetFlags): TargetSettings {
  const { endpointUrl, profile, region } = flags;
  if (settings.kind === 'local' && (endpointUrl ?? profile ?? region) !== undefined) {
    const flag = endpointUrl ? '--endpoint-url' : profile ? '--profile' : '--region';
    throw usage(`${flag} is not supported for the target local`);
  }
  return {
    ...settings,
    ...(profile !== undefined && { profile, anonymous: false }),
    ...(region !== undefined && { region }),
    ...(endpointUrl !== undefined && {
      endpoints: everywhere(endpointUrl),
      protected: !isLoopback(endpointUrl),
    }),
  };
}

/** True for an address of this machine. */
export function isLoopback(endpoint: string | undefined): boolean {
  if (endpoint === undefined || !URL.canParse(endpoint)) return false;
  const { hostname } = new URL(endpoint);
  return /^(localhost|.*\.localhost|\[::1\]|127\.\d+\.\d+\.\d+)$/.test(hostname);
}

const holdsCredentials = (env: Environment): boolean =>
  Boolean(env.AWS_ACCESS_KEY_ID || env.AWS_WEB_IDENTITY_TOKEN_FILE);

const usage = (message: string): FlowError => new FlowError(exitCodes.usage, 'BadUsage', message);
