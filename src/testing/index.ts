import { callHandler } from '../local/calling.mjs';
import type { Core, CoreOptions, StepReference } from './core-types.js';
import { createExecution } from './execution.js';
import { isNotStarted, loadHandler } from './load-handler.js';
import { inThisRealm, misused } from './test-errors.js';
import type {
  Flow,
  FlowAnswer,
  FlowAnswers,
  FlowApplication,
  FlowCall,
  FlowFunction,
  FlowOptions,
  FlowStep,
  FlowValue,
  PendingStep,
} from './types.js';

// Bundled twice, as an ES module and as CommonJS, and small: it runs wherever the test does (a test runner's own realm
// and module system). The server is loaded by node itself, once in a process.
const { createRequire } = process.getBuiltinModule('node:module');
const { startCore } = createRequire(import.meta.url)('./testing-core.cjs') as {
  startCore(options: CoreOptions): Promise<Core>;
};

/** A test runner's realm may not have the symbol. */
const disposing = Symbol.asyncDispose as typeof Symbol.asyncDispose | undefined;

/** An application that was loaded knows one server: the next one of this process listens where the last one did. */
let port: number | undefined;

export async function startFlow(options: FlowOptions = {}): Promise<Flow> {
  const { functions = {} } = options;
  const applications = Object.entries(functions).filter((entry): entry is [string, FlowApplication] =>
    isFunction((entry[1] as Partial<FlowApplication>)?.load),
  );
  const handlers = new Map(
    Object.entries(functions).filter((entry): entry is [string, FlowFunction] => isFunction(entry[1])),
  );
  const own = [...handlers.keys(), ...applications.map(([name]) => name)];
  const given = { ...coreOptions(options, own, handlers), ...(applications.length > 0 && { port }) };
  const core = await waiting(() => startCore(given));
  try {
    for (const [name, application] of applications)
      handlers.set(name, await waiting(() => loadHandler(name, application, core)));
  } catch (error) {
    await waiting(() => core.stop());
    throw error;
  }
  if (applications.length > 0) port = Number(new URL(core.endpoint).port);
  const decide = (step: FlowStep | undefined, decision: object): Promise<void> =>
    waiting(() => core.decide(referenceOf(step), JSON.stringify(decision)));
  const stop = (): Promise<void> => waiting(() => core.stop());
  const flow: Omit<Flow, typeof Symbol.asyncDispose> = {
    endpoint: core.endpoint,
    env: { ...core.env },
    get now() {
      return new Date(core.now());
    },
    async run(machine, input = {}, { name } = {}) {
      const text = JSON.stringify(input);
      return createExecution(core, await waiting(() => core.start(machine, text, name)));
    },
    async advance(by) {
      const milliseconds =
        by === undefined || typeof by === 'string' ? undefined : timeOf(by.to) - core.now();
      await waiting(() => core.advance(typeof by === 'string' ? by : milliseconds));
    },
    pending: async () => stepsOf(await waiting(() => core.pending())),
    sent: (state) => JSON.parse(core.sent(state)) as FlowValue[],
    settled: () => waiting(() => core.settle()),
    approve: (step, more) => decide(step, { verb: 'approve', ...more }),
    reject: (step, more) => decide(step, { verb: 'reject', reason: '', ...more }),
    resume: (step, more) => decide(step, { verb: 'resume', ...more }),
    fail: (step, more) => decide(step, { verb: 'fail', ...more }),
    heartbeat: (step) => decide(step, { verb: 'heartbeat' }),
    stop,
  };
  return Object.assign(flow, disposing && { [disposing]: stop }) as Flow;
}

/** Nothing of the server keeps the process alive; who waits for it does. */
async function waiting<T>(work: () => Promise<T>): Promise<T> {
  const staying = setInterval(() => {}, 2 ** 30);
  try {
    return await work();
  } catch (error) {
    throw inThisRealm(error);
  } finally {
    clearInterval(staying);
  }
}

const MODES = ['skip', 'manual'];

function coreOptions(
  { functions = {}, answers = {}, clock = {}, ...options }: FlowOptions,
  own: string[],
  handlers: ReadonlyMap<string, FlowFunction>,
): CoreOptions {
  const { mode = 'skip', start } = clock;
  if (!MODES.includes(mode))
    throw misused('clock.mode', `there is no mode '${mode}'`, `one of ${MODES.join(', ')}`);
  const modules = Object.entries(functions).filter(([name]) => !own.includes(name));
  return {
    ...options,
    folder: options.folder ?? process.cwd(),
    functions: Object.fromEntries(modules) as CoreOptions['functions'],
    skip: mode === 'skip',
    startAt: start === undefined ? undefined : timeOf(start),
    own,
    call: (name, payload, call) =>
      new Promise((resolve, reject) => {
        const { functionName, functionArn: invokedFunctionArn, requestId: awsRequestId } = call;
        const context = {
          callbackWaitsForEmptyEventLoop: true,
          functionName,
          functionVersion: '$LATEST',
          invokedFunctionArn,
          memoryLimitInMB: '512',
          awsRequestId,
          logGroupName: `/aws/lambda/${functionName}`,
          logStreamName: awsRequestId,
          getRemainingTimeInMillis: () => 30_000,
        };
        const handler = answering(handlers.get(name) as FlowFunction, reject);
        callHandler(handler, payload, context, (payload, failed) => resolve({ payload, failed }));
      }),
    answered: Object.keys(answers),
    async answer(state, text) {
      const call = JSON.parse(text) as FlowCall;
      const answer = await answerTo(answers[state] as FlowAnswers, call);
      if (answer === undefined) return undefined;
      return JSON.stringify('value' in answer ? { ...answer, value: answer.value ?? null } : answer);
    },
  };
}

/** Only who takes a callback may answer after it has returned nothing. */
const answering =
  (handler: FlowFunction, onFault: (fault: unknown) => void): FlowFunction =>
  (event, context, callback) => {
    const result = handler(event, context, callback);
    if (result === undefined && handler.length > 2) return undefined;
    if (!isFunction((result as FlowValue)?.then)) return Promise.resolve(result);
    return (result as Promise<unknown>).then(undefined, (error: unknown) => {
      if (isNotStarted(error)) onFault(error);
      throw error;
    });
  };

const isFunction = (value: unknown): value is FlowFunction => typeof value === 'function';

async function answerTo(given: FlowAnswers, call: FlowCall): Promise<FlowAnswer | undefined> {
  if (typeof given === 'function') return await given(call);
  const answers: readonly FlowAnswer[] = Array.isArray(given) ? given : [given];
  return answers[Math.min(call.index, answers.length - 1)];
}

function timeOf(time: string | Date): number {
  const milliseconds = new Date(time).getTime();
  if (!Number.isNaN(milliseconds)) return milliseconds;
  throw misused('clock', `'${time}' is no time`, 'a Date, or a text such as 2026-01-31T09:00:00Z');
}

type Waits = Omit<PendingStep, 'since' | 'timeoutAt'> & { since: number; timeoutAt?: number };

const stepsOf = (text: string): PendingStep[] =>
  (JSON.parse(text) as Waits[]).map(({ since, timeoutAt, ...step }) => ({
    ...step,
    since: new Date(since),
    ...(timeoutAt !== undefined && { timeoutAt: new Date(timeoutAt) }),
  }));

function referenceOf(step: FlowStep | undefined): StepReference | undefined {
  if (step === undefined) return undefined;
  if (typeof step === 'string') return { reference: step };
  if ('arn' in step) return { execution: step.arn };
  const { execution, scheduledId } = step as PendingStep & { scheduledId?: number };
  return { execution, scheduledId };
}
