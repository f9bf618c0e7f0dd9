import type { Json } from '../../json/json.js';
import { TaskFailure } from './call.js';
import type { ServiceTraits } from './services.js';

/** A service's refusal, as its SDK read it off the wire. */
export interface ServiceError {
  code: string;
  /** Absent where the answer had no body. */
  message?: string;
  statusCode: number;
  requestId: string;
  /** S3's second id. */
  extendedRequestId?: string;
}

/** Codes that any service may answer with: no SDK has a class of its own for them. */
const commonCodes = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InternalFailure',
  'InvalidAction',
  'InvalidClientTokenId',
  'InvalidParameterCombination',
  'InvalidParameterValue',
  'InvalidQueryParameter',
  'MalformedQueryString',
  'MissingAction',
  'MissingAuthenticationToken',
  'MissingParameter',
  'NotAuthorized',
  'OptInRequired',
  'RequestExpired',
  'SerializationException',
  'ServiceUnavailable',
  'Throttling',
  'ThrottlingException',
  'UnknownOperationException',
  'UnrecognizedClientException',
  'ValidationError',
  'ValidationException',
]);

const hasClass = ({ modelled }: ServiceTraits, code: string): boolean =>
  modelled ? modelled.includes(code) : !commonCodes.has(code);

const asException = (code: string): string => (code.endsWith('Exception') ? code : `${code}Exception`);

/** As the optimised integrations tell it: their SDK is version 1 for Java. */
export function optimisedFailure(service: ServiceTraits, error: ServiceError): TaskFailure {
  const { code, message, statusCode, requestId } = error;
  const name = hasClass(service, code) ? asException(code) : `${service.clientName}Exception`;
  return new TaskFailure(
    `${service.optimisedName}.${name}`,
    `${message} (Service: ${service.clientName}; Status Code: ${statusCode}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null)`,
  );
}

/** As the `aws-sdk` integrations tell it: theirs is version 2. */
export function sdkFailure(service: ServiceTraits, error: ServiceError): TaskFailure {
  const { code, message, statusCode, requestId, extendedRequestId } = error;
  const name = hasClass(service, code) ? asException(code) : `${service.sdkName}Exception`;
  const extended = extendedRequestId === undefined ? '' : `, Extended Request ID: ${extendedRequestId}`;
  const told = `(Service: ${service.sdkName}, Status Code: ${statusCode}, Request ID: ${requestId}${extended})`;
  const attempts = '(SDK Attempt Count: 1)';
  return new TaskFailure(
    `${service.sdkName}.${name}`,
    // Without a message the SDK tells the rest twice.
    message === undefined ? `${told} ${attempts} ${told}` : `${message} ${told} ${attempts}`,
  );
}

/** As the SDK refuses to make the address of a request without a member that has a place in it. */
export function refuseUnaddressed(sdkName: string, member: string, value: Json | undefined): void {
  if (value !== undefined && value !== null && value !== '') return;
  const why = value === '' ? `${member} cannot be empty.` : `Parameter '${member}' must not be null`;
  throw new TaskFailure(`${sdkName}.SdkClientException`, `Unable to marshall request to JSON: ${why}`);
}
