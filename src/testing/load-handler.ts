import type { Core } from './core-types.js';
import { inThisRealm, misused } from './test-errors.js';
import type { FlowApplication, FlowFunction } from './types.js';

/** Seconds in which a function that was loaded has to answer for the first time; Lambda gives an application ten. */
const STARTS_WITHIN = 30;

/** Loads an application's handler, with the environment that it looks for as it is loaded. */
export async function loadHandler(
  name: string,
  { load, handler = 'handler', env = {} }: FlowApplication,
  core: Core,
): Promise<FlowFunction> {
  const environment = { ...(await core.environmentFor(name, { ...process.env })), ...env };
  for (const [variable, value] of Object.entries(environment))
    if (value === undefined) delete process.env[variable];
    else process.env[variable] = value;
  const module = (await load()) as { default?: object } | undefined;
  const found = [module, module?.default]
    .map((one) => (one as Record<string, unknown> | undefined)?.[handler])
    .find((one) => typeof one === 'function');
  if (found === undefined)
    throw misused(`functions.${name}`, `what is loaded has no function '${handler}'`, 'handler: its name');
  return starting(name, found as FlowFunction);
}

/** The framework's handler waits for an application that may never start, and says nothing of it. */
function starting(name: string, handler: FlowFunction): FlowFunction {
  let started = false;
  let fail: (reason?: unknown) => void = () => {};
  const failing = new Promise<never>((_, reject) => {
    fail = (reason) => reject(notStarted(name, reason));
  });
  failing.catch(() => {});
  process.once('unhandledRejection', fail);
  return async (event, context, callback) => {
    if (started) return await handler(event, context, callback);
    const late = setTimeout(fail, STARTS_WITHIN * 1000);
    try {
      return await Promise.race([handler(event, context, callback), failing]);
    } finally {
      // What it throws is an answer, too.
      started = true;
      clearTimeout(late);
      process.off('unhandledRejection', fail);
    }
  };
}

const notStarted = (name: string, reason: unknown): Error =>
  inThisRealm({
    code: 'NotStarted',
    message: `the application behind the function '${name}' has not started: ${
      reason === undefined ? `no answer in ${STARTS_WITHIN} s` : (reason as Error)?.message || String(reason)
    }`,
    hint: 'what it logs as it starts says more; its environment is .env of its folder, and env beside load',
  });

/** No answer of a function: the test is to hear of it. */
export const isNotStarted = (error: unknown): boolean =>
  (error as { code?: unknown } | undefined)?.code === 'NotStarted';
