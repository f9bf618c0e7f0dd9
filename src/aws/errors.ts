import { type ExitCode, exitCodes, FlowError } from '../errors.js';
import { iamAction } from './iam-actions.js';

interface SdkError extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number; requestId?: string };
  $fault?: string;
  $response?: { statusCode?: number; headers?: Record<string, string> };
}

const notFound = /(DoesNotExist|NotFound(Exception)?|NoSuch\w+)$/;
const denied =
  /AccessDenied|Unauthorized|NotAuthorized|Forbidden|UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|Signature|AuthenticationToken|OptInRequired|RequestTimeTooSkewed/;
/** Of those, what is wrong with the caller. */
const doubted =
  /UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|Signature|AuthenticationToken|OptInRequired|RequestTimeTooSkewed/;
const credentials =
  /CredentialsProviderError|ExpiredToken|TokenProviderError|ExpiredTokenException|InvalidGrant/;
const conflict =
  /ExecutionAlreadyExists|ExecutionNotRedrivable|StateMachineAlreadyExists|TaskTimedOut|TaskDoesNotExist|Conflict|PreconditionFailed|ConditionalCheckFailed/;
const throttled =
  /Throttling|TooManyRequests|RequestLimitExceeded|ExecutionLimitExceeded|SlowDown|ServiceUnavailable|ThroughputExceeded/;
const network =
  /ECONN|ENOTFOUND|EPIPE|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ERR_STREAM_PREMATURE_CLOSE|HPE_|TimeoutError|NetworkingError/;
/** Node's names for certificates that it does not trust. */
const untrusted = /SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|CERT_|ERR_TLS|ERR_SSL|EPROTO/;
/** Where something else answers: a web page, a proxy, half an answer. */
const unreadable =
  /Deserialization error|Unexpected (token|end|non-whitespace)|is not valid JSON|Expected .* in JSON|char .* is not expected/i;
/** What of the SDK's messages is meant for programmers. */
const forProgrammers = /\s*(Deserialization error: )?to see the raw response, inspect the hidden field.*$/s;

const typedNext = (name: string, flags = ''): string | undefined => {
  if (name === 'ExecutionDoesNotExist') return `mbc-flow list${flags}`;
  return name === 'StateMachineDoesNotExist' ? `mbc-flow machines${flags}` : undefined;
};

/** The error of a connection names the address: of this machine, it is a server that is not running. */
function nobodyHere({ code, message, ...error }: SdkError): boolean {
  const { address, errors } = error as { address?: string; errors?: { address?: string }[] };
  const addresses = [address, ...(errors ?? []).map((one) => one.address)].filter(Boolean);
  return (
    code === 'ECONNREFUSED' &&
    (addresses.some((one) => /^(127\.|::1$)/.test(one ?? '')) ||
      /\b(127\.\d+\.\d+\.\d+|::1):\d/.test(message))
  );
}

export const isThrottle = (error: unknown): boolean => throttled.test((error as Error).name);

/** What the AWS SDK throws, as the one error that commands end with. */
export function toFlowError(
  error: unknown,
  context: { operation: string; profile?: string; where: string; flagsForHints?: string },
): Error {
  if (error instanceof FlowError || (error as Error).name === 'AbortError') return error as Error;
  const sdkError = error as SdkError;
  const { code = '' } = sdkError;
  const status = sdkError.$metadata?.httpStatusCode ?? sdkError.$response?.statusCode ?? 0;
  // An answer to HEAD has a name (by its status) and no message.
  const name = sdkError.name === 'UnknownError' ? 'ServiceFailed' : (sdkError.name ?? 'Error');
  const message =
    sdkError.message === 'UnknownError'
      ? `status ${status}, no reason given`
      : (sdkError.message ?? String(error)).replace(forProgrammers, '').trim();
  const make = (exitCode: ExitCode, errorCode: string, text: string, hint?: string): FlowError =>
    new FlowError(exitCode, errorCode, text, { where: context.where, hint, cause: error });
  if (untrusted.test(code)) {
    return make(
      exitCodes.unreachable,
      'TlsFailed',
      `${context.operation} could not reach the service: its certificate is not trusted (${message || code})`,
      'set NODE_EXTRA_CA_CERTS=ca.pem to trust the certificate authority of a proxy or private endpoint',
    );
  }
  if (/RequestTimeTooSkewed|SignatureDoesNotMatch|InvalidSignature/.test(name) && isSkewed(sdkError)) {
    return make(
      exitCodes.denied,
      name,
      `${context.operation} is not permitted: ${message}`,
      `the clock of this machine is wrong (${new Date().toISOString()}); correct it and try again`,
    );
  }
  if (credentials.test(name)) {
    return make(
      exitCodes.denied,
      'Credentials',
      `no valid AWS credentials: ${message}`,
      renewal(sdkError, context),
    );
  }
  if (denied.test(name) || status === 403) {
    const text = `${context.operation} is not permitted: ${message}`;
    // Who the caller is was not doubted: a policy lacks the action.
    if (doubted.test(name)) return make(exitCodes.denied, name, text);
    const action = iamAction(context.operation);
    return new FlowError(exitCodes.denied, name, text, {
      where: context.where,
      hint: `the IAM policy must allow ${action}; mbc-flow doctor --policy all prints what commands need`,
      details: { action },
      cause: error,
    });
  }
  if (network.test(code) || network.test(name) || /socket hang up|aborted|terminated/i.test(message)) {
    const nobody = nobodyHere(sdkError);
    return make(
      exitCodes.unreachable,
      'Unreachable',
      nobody
        ? `${context.operation} could not reach the service: nothing answers at ${context.where.split(', ').at(-1)}`
        : `${context.operation} could not reach the service: ${message || code}`,
      nobody
        ? /^(DynamoDB|SQS)/.test(context.where)
          ? "start the app's own services; what needs no tables and queues works without them"
          : 'start the local server with mbc-flow dev'
        : 'check the endpoint or --region and the network connection',
    );
  }
  if (throttled.test(name)) {
    return make(
      exitCodes.unreachable,
      name,
      `${context.operation} was throttled repeatedly: ${message}`,
      'try again later',
    );
  }
  if (status >= 300 && status < 400) {
    return make(
      exitCodes.usage,
      'Redirected',
      `${context.operation} was redirected (${status}): the resource is in another region or behind another endpoint`,
      'use the --region or --endpoint-url of the resource',
    );
  }
  const unexplained = sdkError.$fault === undefined && unreadable.test(sdkError.message ?? '');
  if (unexplained || sdkError instanceof SyntaxError) {
    return make(
      exitCodes.unreachable,
      'UnreadableAnswer',
      `${context.operation} received a response that is not from AWS (${status || 'no'} status): ${message.slice(0, 200) || 'no message'}`,
      'check what responds at this endpoint: a proxy, a login page or another server',
    );
  }
  // A task that does not exist any more was answered or timed out.
  if (conflict.test(name)) return make(exitCodes.conflict, name, message);
  if (notFound.test(name)) {
    return make(exitCodes.notFound, name, message, typedNext(name, context.flagsForHints));
  }
  if (name === 'StateMachineTypeNotSupported' && context.operation === 'ListExecutions') {
    return make(
      exitCodes.usage,
      name,
      'this is an EXPRESS state machine: AWS keeps no list of its executions',
      `see what it logs with mbc-flow logs <machine>${context.flagsForHints ?? ''}`,
    );
  }
  if (sdkError.$fault === 'client' || (sdkError.$metadata?.httpStatusCode ?? 0) >= 400) {
    const server = (sdkError.$metadata?.httpStatusCode ?? 400) >= 500;
    const exitCode = server ? exitCodes.unreachable : exitCodes.usage;
    return make(exitCode, name, `${context.operation} was rejected: ${message}`);
  }
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)
    return new FlowError(exitCodes.bug, 'Bug', `${context.operation}: ${name}: ${message}`, { cause: error });
  return make(exitCodes.unreachable, name, `${context.operation} failed: ${message || code || name}`);
}

/** The service's clock and ours are far apart; S3 says so itself, others by the time of the signature. */
const isSkewed = ({ name, message }: SdkError): boolean =>
  name === 'RequestTimeTooSkewed' || /skew|earlier than|later than|expired|not yet/i.test(message);

/** The command that brings credentials back. */
function renewal({ name, message }: Error, { profile }: { profile?: string }): string {
  const flag = profile === undefined ? '' : ` --profile ${profile}`;
  const sso = name === 'TokenProviderError' || /\bsso\b/i.test(message);
  return sso ? `aws sso login${flag}` : `aws configure${flag}`;
}
