import { exitCodes, FlowError } from '../errors.js';
import type { FlowConfig, TargetConfig } from './config.js';

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
  region: string;
  profile?: string;
  /** Expected account: another one is refused. */
  account?: string;
  protected: boolean;
  prefix?: string;
  tenant?: string;
  bucket?: string;
  endpoints: { states?: string; s3?: string; other?: string };
  machines: Record<string, string>;
  /** Words that reach this target again: '' or ' --target prod'. */
  flagsForHints: string;
}

export const localAccount = '101010101010';
export const localRegion = 'ap-northeast-1';

/**
 * Decides the target by the contract's precedence: flags, then the named target's own settings, then environment
 * and `.env`, which fill gaps only.
 * @param dotenv of a framework app, if there is one
 * @param arn region and account of an ARN among the arguments
 */
export function resolveTarget(
  flags: TargetFlags,
  config: FlowConfig,
  env: Record<string, string | undefined>,
  dotenv: Record<string, string>,
  arn?: { region: string; account: string },
): TargetSettings {
  const named = flags.target ?? (env.MBC_FLOW_TARGET || undefined);
  if (flags.local && flags.target !== undefined && flags.target !== 'local') {
    throw usage(`--local and --target ${flags.target} contradict each other`);
  }
  if (flags.local) return suited(localTarget(config), flags, arn);
  if (named !== undefined) return suited(namedTarget(named, config, env, dotenv), flags, arn);
  if (flags.endpointUrl !== undefined) return adHoc('endpoint', flags, env, arn);
  if (flags.profile !== undefined) return adHoc(flags.profile, flags, env, arn);
  const byDefault = namedTarget(defaultName(config, dotenv), config, env, dotenv);
  const elsewhere =
    arn && ((byDefault.kind === 'local' && arn.account !== localAccount) || !fits(byDefault, arn));
  if (elsewhere) return adHoc(arn.account, flags, env, arn);
  return override(byDefault, flags);
}

function defaultName(config: FlowConfig, dotenv: Record<string, string>): string {
  if (config.defaultTarget !== undefined) return config.defaultTarget;
  const endpoints = [dotenv.SFN_ENDPOINT, dotenv.S3_ENDPOINT].filter((endpoint) => endpoint !== undefined);
  return dotenv.SFN_ENDPOINT !== undefined && endpoints.every(isLoopback) ? 'env' : 'local';
}

function namedTarget(
  name: string,
  config: FlowConfig,
  env: Record<string, string | undefined>,
  dotenv: Record<string, string>,
): TargetSettings {
  if (name === 'local') return localTarget(config);
  if (name === 'env') return envTarget(dotenv, env);
  const found = Object.hasOwn(config.targets, name) ? config.targets[name] : undefined;
  if (found) return configuredTarget(name, found, env);
  throw new FlowError(exitCodes.usage, 'UnknownTarget', `there is no target named ${name}`, {
    where: config.file ?? 'no mbc-flow.json was found',
    hint: `known targets: ${['local', ...Object.keys(config.targets)].join(', ')}`,
  });
}

function localTarget(config: FlowConfig): TargetSettings {
  const isDefault = config.defaultTarget === undefined || config.defaultTarget === 'local';
  return {
    name: 'local',
    kind: 'local',
    region: localRegion,
    account: localAccount,
    protected: false,
    bucket: 'local-bucket',
    endpoints: {},
    machines: {},
    flagsForHints: isDefault ? '' : ' --local',
  };
}

function envTarget(dotenv: Record<string, string>, env: Record<string, string | undefined>): TargetSettings {
  const value = (name: string): string | undefined => dotenv[name] ?? env[name];
  const states = value('SFN_ENDPOINT');
  const machines = Object.entries({
    command: value('SFN_COMMAND_ARN'),
    task: value('SFN_TASK_ARN'),
    'import-csv': value('SFN_IMPORT_CSV_ARN'),
  }).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  const loopback = [states, value('S3_ENDPOINT')].every(
    (endpoint) => endpoint !== undefined && isLoopback(endpoint),
  );
  return {
    name: 'env',
    kind: 'aws',
    region: value('SFN_REGION') ?? value('AWS_REGION') ?? localRegion,
    protected: !loopback,
    bucket: value('S3_BUCKET_NAME'),
    endpoints: { states, s3: value('S3_ENDPOINT'), other: loopback ? states : undefined },
    machines: Object.fromEntries(machines),
    flagsForHints: ' --target env',
  };
}

function configuredTarget(
  name: string,
  target: TargetConfig,
  env: Record<string, string | undefined>,
): TargetSettings {
  const { endpointUrl } = target;
  return {
    name,
    kind: 'aws',
    region: target.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? localRegion,
    profile: target.profile ?? env.AWS_PROFILE,
    account: target.account,
    protected: target.protected ?? false,
    prefix: target.prefix,
    tenant: target.tenant,
    bucket: target.bucket,
    endpoints: { states: endpointUrl, s3: endpointUrl, other: endpointUrl },
    machines: target.machines ?? {},
    flagsForHints: ` --target ${name}`,
  };
}

/** A place that only the command line names: protected, unless it is this machine. */
function adHoc(
  name: string,
  flags: TargetFlags,
  env: Record<string, string | undefined>,
  arn: { region: string; account: string } | undefined,
): TargetSettings {
  const { endpointUrl } = flags;
  const loopback = endpointUrl !== undefined && isLoopback(endpointUrl);
  const words = [
    flags.profile && `--profile ${flags.profile}`,
    flags.region && `--region ${flags.region}`,
    endpointUrl && `--endpoint-url ${endpointUrl}`,
  ].filter(Boolean);
  return {
    name,
    kind: 'aws',
    region: flags.region ?? arn?.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? localRegion,
    profile: flags.profile ?? (loopback ? undefined : env.AWS_PROFILE),
    account: endpointUrl === undefined ? arn?.account : undefined,
    protected: !loopback,
    bucket: loopback ? 'local-bucket' : undefined,
    endpoints: { states: endpointUrl, s3: endpointUrl, other: endpointUrl },
    machines: {},
    flagsForHints: words.length > 0 ? ` ${words.join(' ')}` : '',
  };
}

function suited(
  settings: TargetSettings,
  flags: TargetFlags,
  arn: { region: string; account: string } | undefined,
): TargetSettings {
  const result = override(settings, flags);
  if (!arn || fits(result, arn)) return result;
  throw usage(
    `the ARN is of account ${arn.account} in ${arn.region}, the target ${result.name} is ${result.account ? `account ${result.account} in ` : 'in '}${result.region}`,
  );
}

const fits = (settings: TargetSettings, arn: { region: string; account: string }): boolean =>
  settings.region === arn.region && (settings.account === undefined || settings.account === arn.account);

function override(settings: TargetSettings, flags: TargetFlags): TargetSettings {
  if (settings.kind === 'local' && flags.endpointUrl === undefined) return settings;
  const { endpointUrl, profile, region } = flags;
  return {
    ...settings,
    ...(profile !== undefined && { profile, protected: true }),
    ...(region !== undefined && { region }),
    ...(endpointUrl !== undefined && {
      kind: 'aws' as const,
      endpoints: { states: endpointUrl, s3: endpointUrl, other: endpointUrl },
      protected: !isLoopback(endpointUrl),
    }),
  };
}

export function isLoopback(endpoint: string): boolean {
  try {
    const { hostname } = new URL(endpoint);
    return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  } catch {
    return false;
  }
}

const usage = (message: string): FlowError => new FlowError(exitCodes.usage, 'BadUsage', message);
