import { randomUUID } from 'node:crypto';
import { fromText, type Value } from '../../asl/data/value.js';
import { frameworkFunction } from '../../framework/machines.js';
import type { Json, JsonObject } from '../../json/json.js';
import type { FunctionSpec, HostedFunction, InProcess } from '../options.js';
import type { FunctionHost, Functions, InvokeOptions, InvokeResult, LogEvent } from '../ports.js';
import { type ChildPoolsOptions, createChildPools } from './children/pools.js';
import { createFunctionLog, type FunctionLog, logResult } from './function-log.js';
import { answerLambda } from './invoke-api.js';
import { referenceFunction } from './reference/index.js';
import { member } from './reference/step-event.js';
import { type Asked, invokeRemote } from './remote-function.js';

export interface FunctionsOptions extends ChildPoolsOptions {
  functions?: Record<string, FunctionSpec>;
  /** Named by a flag: what no flag names goes there, before any function of the config. */
  lambdaEndpoint?: string;
  /** What no spec takes goes there, once it was found. */
  findLambda?: () => Promise<string | undefined>;
  host: FunctionHost;
  inProcess?: InProcess;
  /** What is delivered to the functions, in the form of Lambda's API. */
  eventSourceMappings?: () => JsonObject[];
}

export interface ConfigurableFunctions extends Functions {
  /** Loads the modules of all specs, and logs what is wrong with them. */
  check(): Promise<void>;
  /** These specs from now on; what is under way ends as it began. */
  configure(functions: Record<string, FunctionSpec>): void;
}

/** Lambda's limits of a synchronous invocation. */
const largestRequest = 6 << 20;
const largestResponse = largestRequest + 100;

/** The built-in machines (and the demo's) call functions of names that nobody would configure. */
const builtinMachines = new Set(['command', 'sfn-task', 'import-csv', 'import-zip', 'demo-approval']);

type Target = (
  name: string,
  payload: string,
  signal: AbortSignal | undefined,
  asked: Asked & Pick<InvokeOptions, 'given'>,
) => Promise<InvokeResult>;

/**
 * Who answers an invocation: the function's own spec, else the spec `*`, else a Lambda endpoint, else the reference
 * functions: to every name where none of these is there, and always to the built-in machines (so that a team's one
 * function for its own machine does not take `import` away). A name that nobody answers to is Lambda's
 * ResourceNotFoundException.
 */
export function createFunctions(options: FunctionsOptions): ConfigurableFunctions {
  let specs = specsOf(options.functions);
  const { findLambda, log, eventSourceMappings = () => [] } = options;
  let { lambdaEndpoint } = options;
  /** Once it was there it is meant: while it restarts, the built-in functions do not answer in its place. */
  const lambda = async (): Promise<string | undefined> => {
    if (lambdaEndpoint !== undefined || !findLambda) return lambdaEndpoint;
    lambdaEndpoint = await findLambda();
    if (lambdaEndpoint === undefined) return undefined;
    log(`functions are those of the Lambda endpoint ${lambdaEndpoint}`);
    if (eventSourceMappings().length > 0)
      log('streams and queues are delivered to it; if it reads them itself, use --no-event-sources');
    return lambdaEndpoint;
  };
  const pools = createChildPools(options);
  const logs = new Map<string, FunctionLog>();
  const referenceLog = (name: string): FunctionLog => {
    const write = (stream: string, events: LogEvent[]): void =>
      options.writeLog(`/aws/lambda/${name}`, stream, events);
    const log = logs.get(name) ?? createFunctionLog({ memoryMB: 128, now: options.now, write });
    logs.set(name, log);
    return log;
  };

  const { inProcess } = options;
  const targetOf = async (name: string, payload: string): Promise<Target | undefined> => {
    const hosted = inProcess?.functionOf(name) ?? (specs.has(name) ? undefined : inProcess?.functionOf('*'));
    if (hosted) return async (plain, payload) => await invokeHosted(hosted, payload, arnOf(plain), plain);
    const spec = specs.get(name) ?? specs.get('*');
    if (typeof spec === 'string' && isUrl(spec)) return (...call) => invokeRemote(spec, ...call);
    if (spec !== undefined) return (plain, payload, signal) => pools.invoke(plain, spec, payload, signal);
    const endpoint = await lambda();
    if (endpoint !== undefined) return (...call) => invokeRemote(endpoint, ...call);
    if ((specs.size > 0 || inProcess) && !builtinMachines.has(callingMachine(payload) ?? ''))
      return undefined;
    return (plain, payload, _signal, { given = fromText(payload) }) =>
      invokeReference(options.host, given, referenceLog(plain));
  };

  const arnOf = (plain: string): string =>
    `arn:aws:lambda:${options.region}:${options.account}:function:${plain}`;
  const invoke: Functions['invoke'] = async (name, payload, signal, { tail = false, given } = {}) => {
    const { plain, qualifier } = functionName(name);
    if (isLonger(payload, largestRequest)) {
      const message = `Request must be smaller than ${largestRequest} bytes for the InvokeFunction operation`;
      return refused(413, 'RequestTooLargeException', message);
    }
    const target = await targetOf(plain, payload);
    if (!target) {
      inProcess?.functionMissing(plain);
      const arn = `${arnOf(plain)}:${qualifier ?? '$LATEST'}`;
      return refused(404, 'ResourceNotFoundException', `Function not found: ${arn}`);
    }
    const result = await target(plain, payload, signal, { qualifier, tail, given });
    if (!isLonger(result.payload, largestResponse)) return result;
    const failure = {
      errorMessage: `Response payload size exceeded maximum allowed payload size (${largestResponse} bytes).`,
      errorType: 'Function.ResponseSizeTooLarge',
    };
    return { ...result, functionError: 'Unhandled', payload: JSON.stringify(failure) };
  };
  return {
    invoke,
    handle: (request, response) => answerLambda({ invoke, log, eventSourceMappings }, request, response),
    configure(functions) {
      specs = specsOf(functions);
    },
    async check() {
      const modules = [...specs].filter(([, spec]) => typeof spec !== 'string' || !isUrl(spec));
      await Promise.all(
        modules.map(([name, spec]) => pools.check(name === '*' ? frameworkFunction : name, spec)),
      );
    },
    files: () => pools.files(),
    stop: () => pools.stop(),
  };
}

/** A UTF-16 unit takes at most 3 bytes, so most texts need no count. */
const isLonger = (text: string, most: number): boolean =>
  text.length * 3 > most && Buffer.byteLength(text) > most;

const isUrl = (spec: string): boolean => /^https?:\/\//.test(spec);

const specsOf = (functions: Record<string, FunctionSpec> = {}): Map<string, FunctionSpec> =>
  new Map(Object.entries(functions).map(([name, spec]) => [functionName(name).plain, spec]));

function refused(statusCode: number, code: string, message: string): InvokeResult {
  const serviceError = { code, message };
  return { statusCode, payload: '', serviceError, requestId: randomUUID(), executedVersion: '$LATEST' };
}

/** Name of the machine whose Task state calls, as the framework's payload tells it; a map run's child is its parent's. */
function callingMachine(payload: string): string | undefined {
  const name = member(JSON.parse(payload) as Json, 'context', 'StateMachine', 'Name');
  return typeof name === 'string' ? name.replace(/\/.*/, '') : undefined;
}

/** Of a name, a partial or whole ARN, each with or without `:qualifier`. */
function functionName(name: string): { plain: string; qualifier?: string } {
  const [plain = '', qualifier] = name
    .replace(/^(?:arn:[^:]*:lambda:[^:]*:)?(?:\d{12}:)?function:/, '')
    .split(':');
  return { plain, qualifier };
}

async function invokeHosted(
  hosted: HostedFunction,
  given: string,
  functionArn: string,
  functionName: string,
): Promise<InvokeResult> {
  const requestId = randomUUID();
  const { payload, failed } = await hosted(given, { requestId, functionName, functionArn });
  const functionError = failed ? { functionError: 'Unhandled' as const } : {};
  return { statusCode: 200, requestId, executedVersion: '$LATEST', payload, ...functionError };
}

async function invokeReference(host: FunctionHost, payload: Value, log: FunctionLog): Promise<InvokeResult> {
  const requestId = randomUUID();
  const began = performance.now();
  log.started(requestId);
  const answered = await answerOf(host, payload);
  const durationMs = performance.now() - began;
  const failed = answered.functionError !== undefined;
  const told = log.ended(requestId, { ...answered, failed, durationMs });
  return { statusCode: 200, requestId, executedVersion: '$LATEST', ...answered, logResult: logResult(told) };
}

async function answerOf(
  host: FunctionHost,
  payload: Value,
): Promise<Pick<InvokeResult, 'payload' | 'functionError'>> {
  try {
    return { payload: JSON.stringify(await referenceFunction(host, payload)) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const failure = { errorType: name, errorMessage: message, trace: [`${name}: ${message}`] };
    return { functionError: 'Unhandled', payload: JSON.stringify(failure) };
  }
}
