import { resolve } from 'node:path';
import { readConfig } from '../../config/config.js';
import { readEnvironment } from '../../config/environment.js';
import type { EventSource } from '../../events/event-source.js';
import { lastServed, type ServedAs } from '../../files/kept/served-as.js';
import { functionsOf, type LocalSettings, localEventSources, localOptions } from './settings.js';

type Environment = Record<string, string | undefined>;

/** What `mbc-flow dev` may be told beyond the config. */
export type ServedFlags = Pick<
  ServedAs,
  'functions' | 'lambdaEndpoint' | 'serviceEndpoints' | 'mocks' | 'template' | 'eventSources'
>;

/** The config's settings and the app's environment as they are now, the flags on top. */
export async function servedSettings(
  cwd: string,
  env: Environment,
  flags: ServedFlags = {},
): Promise<LocalSettings & { eventSources: EventSource[] }> {
  const { mocks, template, eventSources } = flags;
  const config = readConfig(cwd);
  const app = await readEnvironment(cwd, env);
  const configured = localOptions(config, app);
  const functions = functionsOf(configured.functions, flags.functions, cwd, flags.lambdaEndpoint);
  return {
    ...configured,
    functions,
    serviceEndpoints: { ...configured.serviceEndpoints, ...flags.serviceEndpoints },
    mocks: mocks === undefined ? configured.mocks : resolve(cwd, mocks),
    eventSources:
      eventSources === false
        ? []
        : await localEventSources(config, app, {
            given: template === undefined ? undefined : resolve(cwd, template),
            always: eventSources === true,
            functions: Object.keys(functions),
          }),
  };
}

/** The variables that tell where the app's services are and what its things are called; none of them is a secret. */
export function placesOf(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined &&
        /^(NODE_ENV|APP_NAME|S3_BUCKET_NAME|\w+_QUEUE_URL|\w+_ENDPOINT|SFN_\w+|LOCAL_\w+)$/.test(entry[0]) &&
        !/\/\/[^/]*@/.test(entry[1]),
    ),
  );
}

/**
 * How a command runs the server that it finds stopped: as `mbc-flow dev` last ran it on this data, else as the config
 * says. Handlers that only dev's flags named would be lost otherwise, and built-in ones stand in for them.
 */
export async function carriedSettings(
  dataDir: string,
  cwd: string,
  env: Environment,
): Promise<CarriedSettings> {
  const served = lastServed(dataDir);
  if (served === undefined) return { ...(await servedSettings(cwd, env)), flags: '' };
  const settings = await servedSettings(served.cwd, { ...env, ...served.environment }, served);
  const { port, s3Port, lambdaEndpoint, timeScale, throttle } = served;
  return { ...settings, port, s3Port, lambdaEndpoint, timeScale, throttle, flags: flagsOf(served) };
}

type CarriedSettings = Awaited<ReturnType<typeof servedSettings>> &
  Pick<ServedAs, 'port' | 's3Port' | 'lambdaEndpoint' | 'timeScale' | 'throttle'> & {
    /** Those of `mbc-flow dev`, as they were typed; what decides who answers, and what is delivered to them. */
    flags: string;
  };

const flagsOf = ({ functions = {}, lambdaEndpoint, eventSources }: ServedAs): string =>
  [
    ...Object.entries(functions).map(([name, spec]) => `--functions ${name}=${spec}`),
    ...(lambdaEndpoint === undefined ? [] : [`--lambda-endpoint ${lambdaEndpoint}`]),
    ...(eventSources === undefined ? [] : [eventSources ? '--event-sources' : '--no-event-sources']),
  ].join(' ');
