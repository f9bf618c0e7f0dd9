import { availableParallelism } from 'node:os';
import type { FunctionSpec } from '../../options.js';

/** How a function is run. */
export interface ChildSettings {
  module: string;
  timeoutMs: number;
  memoryMB: number;
  concurrency: number;
  env: Record<string, string>;
}

/** Where the functions of a server run. */
export interface ChildSurroundings {
  /** Folder that relative module paths start from, and the functions' working directory. */
  base: string;
  /** Endpoint of this server, for the functions' environment. */
  endpoint: () => string;
  /** What the functions' environment is made of: the app's own. */
  env: () => Record<string, string | undefined>;
  /** Services beside this server, by name. */
  services: Record<string, string>;
  region: string;
  account: string;
}

/**
 * This server's endpoint, for the AWS SDK and by the framework's own variables, wherever the app's `.env` expects it to
 * be; and those of the services beside it.
 */
function endpoints({ env, services, endpoint }: ChildSurroundings): NodeJS.ProcessEnv {
  const own = endpoint();
  const set = env();
  const beside = Object.entries(services).map(([service, url]) => [
    `AWS_ENDPOINT_URL_${service.toUpperCase().replaceAll('-', '_')}`,
    url,
  ]);
  const moved = ['SFN_ENDPOINT', 'S3_ENDPOINT'].filter((name) => set[name]).map((name) => [name, own]);
  return { AWS_ENDPOINT_URL: own, ...Object.fromEntries([...beside, ...moved]) };
}

/**
 * What Lambda sets, over the app's environment. A function of the local server never gets the user's real
 * credentials, and its SDK clients talk to this server.
 */
export function environment(
  name: string,
  settings: ChildSettings,
  options: ChildSurroundings,
  stream: string,
): NodeJS.ProcessEnv {
  return {
    ...withoutCredentials(options.env()),
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_REGION: options.region,
    AWS_DEFAULT_REGION: options.region,
    ...endpoints(options),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMB),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: stream,
    LAMBDA_TASK_ROOT: options.base,
    _HANDLER: settings.module,
    ...settings.env,
  };
}

/** Where credentials of the person who runs the server could be found, by any provider of the SDK's chain. */
const CREDENTIALS =
  /^AWS_(PROFILE|DEFAULT_PROFILE|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN|WEB_IDENTITY_TOKEN_FILE|ROLE_ARN|ROLE_SESSION_NAME|CONTAINER_.*|SHARED_CREDENTIALS_FILE|CONFIG_FILE|CREDENTIAL_EXPIRATION|BEARER_TOKEN.*|LOGIN_.*|SSO_.*|EC2_METADATA_.*)$/;

const withoutCredentials = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !CREDENTIALS.test(name)));

/** Changes when a child of it would be started with something else. */
export const givenTo = ({ env, memoryMB }: ChildSettings, options: ChildSurroundings): string =>
  JSON.stringify([env, memoryMB, options.env()]);

export function settingsOf(spec: FunctionSpec): ChildSettings {
  const { module, timeoutSeconds, memoryMB, concurrency, env } =
    typeof spec === 'string' ? { module: spec } : spec;
  return {
    module,
    timeoutMs: (timeoutSeconds ?? 30) * 1000,
    memoryMB: memoryMB ?? 512,
    concurrency: concurrency ?? availableParallelism(),
    env: env ?? {},
  };
}
