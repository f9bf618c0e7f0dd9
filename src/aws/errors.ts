import { type ExitCode, exitCodes, FlowError } from '../errors.js';

interface SdkError extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number; requestId?: string };
  $fault?: string;
}

const notFound = /(DoesNotExist|NotFound(Exception)?|NoSuch\w+)$/;
const denied =
  /AccessDenied|Unauthorized|NotAuthorized|Forbidden|UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|Signature|AuthenticationToken|OptInRequired|RequestTimeTooSkewed/;
const credentials =
  /CredentialsProviderError|ExpiredToken|TokenProviderError|ExpiredTokenException|InvalidGrant/;
const conflict =
  /ExecutionAlreadyExists|StateMachineAlreadyExists|TaskTimedOut|TaskDoesNotExist|Conflict|PreconditionFailed|ConditionalCheckFailed/;
const throttled =
  /Throttling|TooManyRequests|RequestLimitExceeded|ExecutionLimitExceeded|SlowDown|ServiceUnavailable|ThroughputExceeded/;
const network = /ECONN|ENOTFOUND|EPIPE|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|TimeoutError|NetworkingError/;

const hints: Record<string, string> = {
  ExecutionDoesNotExist: 'mbc-flow list shows the executions there are',
  StateMachineDoesNotExist: 'mbc-flow machines shows the state machines there are',
};

export const isThrottle = (error: unknown): boolean => throttled.test((error as Error).name);

/** What the AWS SDK throws, as the one error that commands end with. */
export function toFlowError(
  error: unknown,
  context: { operation: string; profile?: string; where: string },
): Error {
  if (error instanceof FlowError || (error as Error).name === 'AbortError') return error as Error;
  const sdkError = error as SdkError;
  const { name = 'Error', message = String(error), code = '' } = sdkError;
  const make = (exitCode: ExitCode, errorCode: string, text: string, hint?: string): FlowError =>
    new FlowError(exitCode, errorCode, text, { where: context.where, hint, cause: error });
  if (credentials.test(name)) {
    return make(
      exitCodes.denied,
      'Credentials',
      `no usable AWS credentials: ${message}`,
      renewal(sdkError, context),
    );
  }
  if (denied.test(name) || sdkError.$metadata?.httpStatusCode === 403) {
    return make(exitCodes.denied, name, `${context.operation} is not permitted: ${message}`);
  }
  if (network.test(code) || network.test(name)) {
    return make(
      exitCodes.unreachable,
      'Unreachable',
      `${context.operation} did not reach the service: ${message || code}`,
      'see that the endpoint (or --region) is right and the network is up',
    );
  }
  if (throttled.test(name)) {
    return make(
      exitCodes.unreachable,
      name,
      `${context.operation} kept being throttled: ${message}`,
      'try again later',
    );
  }
  // A task that does not exist any more was answered or timed out.
  if (conflict.test(name)) return make(exitCodes.conflict, name, message);
  if (notFound.test(name)) return make(exitCodes.notFound, name, message, hints[name]);
  if (sdkError.$fault === 'client' || (sdkError.$metadata?.httpStatusCode ?? 0) >= 400) {
    const server = (sdkError.$metadata?.httpStatusCode ?? 400) >= 500;
    const exitCode = server ? exitCodes.unreachable : exitCodes.usage;
    return make(exitCode, name, `${context.operation} was refused: ${message}`);
  }
  return new FlowError(exitCodes.bug, 'Bug', `${context.operation}: ${name}: ${message}`, { cause: error });
}

/** The command that brings credentials back. */
function renewal({ name, message }: Error, { profile }: { profile?: string }): string {
  const flag = profile === undefined ? '' : ` --profile ${profile}`;
  const sso = name === 'TokenProviderError' || /\bsso\b/i.test(message);
  return sso ? `aws sso login${flag}` : `aws configure${flag} (or --local for the embedded server)`;
}
