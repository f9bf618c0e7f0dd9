/** A framework app's environment: the process's own and, where that sets nothing, its `.env`'s. */
export type AppEnvironment = Record<string, string | undefined>;

/** The services that the framework reaches through an endpoint of its own, by what its variables begin with. */
const services = ['SFN', 'S3', 'DYNAMODB', 'SQS', 'SNS', 'SES', 'APPSYNC'] as const;

export interface AppEndpoints {
  states?: string;
  s3?: string;
  dynamodb?: string;
  sqs?: string;
  sns?: string;
}

/** Where the app reaches its services; without an endpoint of its own, at the port that its local environment names. */
export function appEndpoints(app: AppEnvironment): AppEndpoints {
  const at = (service: string): string | undefined => {
    const port = app[`LOCAL_${service}_PORT`];
    return (
      app[`${service}_ENDPOINT`] || (port && /^\d+$/.test(port) ? `http://127.0.0.1:${port}` : undefined)
    );
  };
  return { states: at('SFN'), s3: at('S3'), dynamodb: at('DYNAMODB'), sqs: at('SQS'), sns: at('SNS') };
}

/**
 * The app's environment is on this machine: it names endpoints, and each of them is loopback. Without an endpoint of
 * Step Functions, machines of its ARNs would be AWS's.
 */
export function staysHere(app: AppEnvironment): boolean {
  const endpoints = services.map((service) => app[`${service}_ENDPOINT`]).filter(Boolean);
  if (endpoints.length === 0 || !endpoints.every(isLoopback)) return false;
  return Boolean(app.SFN_ENDPOINT) || Object.keys(appMachines(app)).length === 0;
}

/** ARNs of the machines that play the framework's roles. */
export function appMachines(app: AppEnvironment): Record<string, string> {
  const roles = {
    command: app.SFN_COMMAND_ARN,
    task: app.SFN_TASK_ARN,
    'import-csv': app.SFN_IMPORT_CSV_ARN || app.SFN_CSV_IMPORT_ARN,
    'import-zip': app.SFN_IMPORT_ZIP_ORCHESTRATOR_ARN,
  };
  return Object.fromEntries(
    Object.entries(roles).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}

/** Where the ARNs of its machines say that they are. */
export function appPlace(app: AppEnvironment): { region?: string; account?: string } {
  const [first = ''] = Object.values(appMachines(app));
  const [, region, account] = /^arn:[\w-]+:states:([\w-]+):(\d+):/.exec(first) ?? [];
  return { region: app.SFN_REGION || region, account };
}

/** Where its imports are uploaded, as its functions know it, too. */
export const appBucket = ({ S3_BUCKET_NAME }: AppEnvironment): string | undefined =>
  S3_BUCKET_NAME || undefined;

/** What the names of its tables begin with; undefined where the app names none. */
export const appTablePrefix = ({ NODE_ENV, APP_NAME }: AppEnvironment): string | undefined =>
  NODE_ENV && APP_NAME ? `${NODE_ENV}-${APP_NAME}-` : undefined;

/** True for an address of this machine. */
export function isLoopback(endpoint: string | undefined): boolean {
  if (endpoint === undefined || !URL.canParse(endpoint)) return false;
  const { hostname } = new URL(endpoint);
  return /^(localhost|.*\.localhost|\[::1\]|127\.\d+\.\d+\.\d+)$/.test(hostname);
}

/** Where Step Functions Local and LocalStack's S3 would listen for this app: there `dev` stands. */
export function appPorts(app: AppEnvironment): { port: number; s3Port?: number } {
  const at = (service: 'SFN' | 'S3'): number | undefined => {
    const port = app[`LOCAL_${service}_PORT`];
    if (port && /^\d+$/.test(port) && Number(port) <= 65_535) return Number(port);
    const endpoint = app[`${service}_ENDPOINT`];
    return endpoint && isLoopback(endpoint) ? Number(new URL(endpoint).port) || undefined : undefined;
  };
  const port = at('SFN') ?? 8083;
  const s3Port = at('S3');
  return { port, ...(s3Port !== undefined && s3Port !== port && { s3Port }) };
}
