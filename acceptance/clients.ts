import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { STSClient } from '@aws-sdk/client-sts';
import { isLoopback, type Options } from './options.js';

export interface Clients {
  sfn: SFNClient;
  s3: S3Client;
  logs: CloudWatchLogsClient;
  lambda: LambdaClient;
  sts: STSClient;
}

export function connect(
  { endpointUrl, profile, region }: Pick<Options, 'endpointUrl' | 'profile' | 'region'>,
  env: NodeJS.ProcessEnv,
): Clients {
  // A server on this machine is not shown real credentials that it did not ask for.
  const anonymous = isLoopback(endpointUrl) && !profile && !env.AWS_ACCESS_KEY_ID;
  const config = {
    region,
    maxAttempts: isLoopback(endpointUrl) ? 2 : 8,
    requestHandler: { connectionTimeout: 10_000, requestTimeout: 330_000 },
    ...(profile && { profile }),
    ...(endpointUrl && { endpoint: endpointUrl, disableHostPrefix: true }),
    ...(anonymous && { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  };
  return {
    sfn: new SFNClient(config),
    s3: new S3Client({ ...config, ...(endpointUrl && { forcePathStyle: true }) }),
    logs: new CloudWatchLogsClient(config),
    lambda: new LambdaClient(config),
    sts: new STSClient(config),
  };
}

/** The endpoint does not have this operation: told, and no failure of ours. */
export class MissingOperation extends Error {
  constructor(operation: string, cause: unknown) {
    const lack = isUnreadable(cause) ? 'gives no answer of the protocol to' : 'does not have';
    super(`the endpoint ${lack} ${operation}`, { cause });
  }
}

/** A page, or an error without a name: the client could make nothing of it. */
const isUnreadable = (error: unknown): boolean =>
  (error instanceof SyntaxError || error instanceof TypeError) && '$response' in error;

const NAMES =
  /^(Unknown(Operation)?(Exception)?|NotImplemented(Exception|Error)?|InvalidAction|UnsupportedOperation(Exception)?)$/;
const UNCLEAR = /^(UnknownError|InternalFailure|InternalError|InternalServerError|404|501|Error|NotFound)$/;
const SAYS_SO =
  /not (yet )?(been )?(implemented|supported|there yet)|unknown (operation|action)|no such (operation|action)/i;

/** Whether an error says that an operation is not there, in any of the ways that emulators have for it. */
export function isMissing(error: unknown): boolean {
  const {
    name = '',
    message = '',
    $metadata,
    $response,
  } = error as {
    name?: string;
    message?: string;
    $metadata?: { httpStatusCode?: number };
    $response?: { statusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? $response?.statusCode ?? 0;
  if (NAMES.test(name) || status === 501 || isUnreadable(error)) return true;
  return UNCLEAR.test(name) && (SAYS_SO.test(message) || [404, 405].includes(status));
}

/** Notes what is missing; each is told once. */
export class Missing {
  readonly operations = new Set<string>();

  /** @throws MissingOperation where the endpoint does not have it, and what the call throws */
  async call<T>(operation: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      if (!isMissing(error)) throw error;
      this.operations.add(operation);
      throw new MissingOperation(operation, error);
    }
  }
}
