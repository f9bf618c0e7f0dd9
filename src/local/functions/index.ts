import { randomUUID } from 'node:crypto';
import type { Json } from '../../asl/json.js';
import type { FunctionSpec } from '../index.js';
import type { FunctionHost, Functions, InvokeResult } from '../ports.js';
import { createChildPools } from './child-pools.js';
import { answerInvoke } from './invoke-api.js';
import { referenceFunction } from './reference.js';
import { invokeRemote } from './remote.js';

export interface FunctionsOptions {
  functions?: Record<string, FunctionSpec>;
  /** Folder that relative module paths start from. */
  base: string;
  lambdaEndpoint?: string;
  host: FunctionHost;
  /** Endpoint of this server, for the functions' environment. */
  endpoint: () => string;
  region: string;
  account: string;
  log: (line: string) => void;
}

/**
 * Who answers an invocation: the function's own spec, else the spec `*`, else `lambdaEndpoint`; with none of these
 * configured at all, the reference functions answer to every name. A name that nobody answers to is Lambda's
 * ResourceNotFoundException.
 */
export function createFunctions(options: FunctionsOptions): Functions {
  const specs = options.functions ?? {};
  const configured = Object.keys(specs).length > 0 || options.lambdaEndpoint !== undefined;
  const pools = createChildPools(options);

  const invoke: Functions['invoke'] = async (name, payload, signal) => {
    const { plain, qualifier } = functionName(name);
    const spec = Object.hasOwn(specs, plain) ? specs[plain] : specs['*'];
    if (typeof spec === 'string' && /^https?:\/\//.test(spec))
      return await invokeRemote(spec, plain, payload, signal);
    if (spec !== undefined) return await pools.invoke(plain, spec, payload, signal);
    if (options.lambdaEndpoint) return await invokeRemote(options.lambdaEndpoint, plain, payload, signal);
    if (!configured) return await invokeReference(options.host, payload);
    return {
      statusCode: 404,
      payload: '',
      serviceError: {
        code: 'ResourceNotFoundException',
        message: `Function not found: arn:aws:lambda:${options.region}:${options.account}:function:${plain}:${qualifier}`,
      },
      requestId: randomUUID(),
      executedVersion: '$LATEST',
    };
  };
  return {
    invoke,
    handle: (request, response) => answerInvoke({ invoke }, request, response),
    stop: () => pools.stop(),
  };
}

/** Of a name, a partial or whole ARN, each with or without `:qualifier`. */
function functionName(name: string): { plain: string; qualifier: string } {
  const [plain = '', qualifier = '$LATEST'] = name
    .replace(/^(?:arn:[^:]*:lambda:[^:]*:)?(?:\d{12}:)?function:/, '')
    .split(':');
  return { plain, qualifier };
}

async function invokeReference(host: FunctionHost, payload: string): Promise<InvokeResult> {
  const answer = { statusCode: 200, requestId: randomUUID(), executedVersion: '$LATEST' };
  try {
    return { ...answer, payload: JSON.stringify(await referenceFunction(host, JSON.parse(payload) as Json)) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const failure = { errorType: name, errorMessage: message, trace: [`${name}: ${message}`] };
    return { ...answer, functionError: 'Unhandled', payload: JSON.stringify(failure) };
  }
}
