import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  type AppEnvironment,
  appBucket,
  appEndpoints,
  isLoopback,
  staysHere,
} from '../../config/app-environment.js';
import { type FlowConfig, foldersToProject } from '../../config/config.js';
import { eventSourceSettings } from '../../config/event-sources.js';
import type { EventSource } from '../../events/event-source.js';
import { localAccount, localRegion } from '../../framework/conventions.js';
import { isObject } from '../../json/json.js';
import type { LocalServerOptions } from '../../local/index.js';
import { parseJsonOrYaml } from '../../template/parse.js';
import { isServerless } from '../../template/serverless.js';
import { type FunctionEvent, serverlessEvents } from '../../template/serverless-events.js';

import { listens } from './is-listening.js';

/** Settings of the server that the config and the app's environment may have. */
export type LocalSettings = Pick<
  LocalServerOptions,
  'functions' | 'functionsBase' | 'machines' | 'serviceEndpoints' | 'mocks' | 'env' | 'bucket' | 'findLambda'
>;

/** What the config's `local` section says (its paths start from the config's folder), and the app's environment. */
export function localOptions({ folder, local }: FlowConfig, app: AppEnvironment): LocalSettings {
  const machines = Object.entries(local.machines ?? {});
  const { LOCAL_LAMBDA_PORT: port } = app;
  return {
    functions: local.functions,
    functionsBase: folder,
    machines: Object.fromEntries(machines.map(([name, file]) => [name, resolve(folder, file)])),
    serviceEndpoints: { ...servicesBeside(app), ...local.endpoints },
    mocks: local.mocks === undefined ? undefined : resolve(folder, local.mocks),
    env: app,
    bucket: staysHere(app) ? appBucket(app) : undefined,
    findLambda: port && /^\d+$/.test(port) ? () => lambdaAt(`http://127.0.0.1:${port}`) : undefined,
  };
}

const lambdaAt = async (endpoint: string): Promise<string | undefined> =>
  (await listens(endpoint)) ? endpoint : undefined;

/**
 * The flags' functions come before the config's, of which none is left where a flag's endpoint takes every function. A
 * flag's paths start from the working directory.
 */
export function functionsOf(
  configured: LocalSettings['functions'],
  flags: Record<string, string> = {},
  cwd: string,
  lambdaEndpoint?: string,
): NonNullable<LocalSettings['functions']> {
  const here = Object.entries(flags).map(([name, spec]) => [
    name,
    /^https?:\/\//.test(spec) ? spec : resolve(cwd, spec),
  ]);
  return { ...(lambdaEndpoint === undefined && configured), ...Object.fromEntries(here) };
}

/** The app's services on this machine, for Tasks and functions that call them. */
function servicesBeside(app: AppEnvironment): Record<string, string> {
  const { dynamodb, sqs, sns } = appEndpoints(app);
  return Object.fromEntries(
    Object.entries({ dynamodb, sqs, sns }).filter((entry): entry is [string, string] => isLoopback(entry[1])),
  );
}

/**
 * What is delivered to functions.
 * @param given a template that may be a serverless.yml
 * @param functions the names of those that are configured
 */
export async function localEventSources(
  { folder, local }: FlowConfig,
  app: AppEnvironment,
  {
    given,
    always,
    functions = Object.keys(local.functions ?? {}),
  }: { given?: string; always?: boolean; functions?: string[] } = {},
): Promise<EventSource[]> {
  const wishes = { configured: local.eventSources, always };
  if (local.eventSources !== undefined || eventSourceSettings(app, wishes).length === 0)
    return eventSourceSettings(app, wishes);
  // The only function that is configured gets all, whatever it is called elsewhere.
  const sole = functions.length === 1 && functions[0] !== '*';
  const mapped = (await appEvents(folder, app, given))?.map(({ functionName, ...event }) =>
    sole ? event : { ...event, functionName },
  );
  return eventSourceSettings(app, { ...wishes, mapped });
}

/** The events of the app's serverless.yml; undefined where there is none, or none that can be read. */
async function appEvents(
  folder: string,
  env: AppEnvironment,
  given: string | undefined,
): Promise<FunctionEvent[] | undefined> {
  const places = foldersToProject(folder).flatMap((at) => [
    join(at, 'infra-local/serverless.yml'),
    join(at, 'serverless.yml'),
  ]);
  for (const path of [...(given === undefined ? [] : [given]), ...places].filter((one) => existsSync(one))) {
    try {
      const file = await parseJsonOrYaml(await readFile(path, 'utf8'));
      if (!isObject(file) || !isServerless(file)) continue;
      const read = (name: string): Promise<string> => readFile(join(dirname(path), name), 'utf8');
      return await serverlessEvents(file, { env, region: localRegion, account: localAccount, read });
    } catch {
      // It may be anything: `--template` and lint say what is wrong with it.
    }
  }
  return undefined;
}
