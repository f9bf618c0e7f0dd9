// @ts-check
// How a handler is called, as Lambda's Node.js runtime does: for a function's own process, and for one of ours.

import { types } from 'node:util';
import { TOO_DEEP, tooDeepAt } from '../json/parse.mjs';

/**
 * An error in the form that Lambda tells it.
 * @param {unknown} error @param {string} [type]
 */
export function errorPayload(error, type) {
  // That of another realm (a test runner's) is none of this one's `Error`.
  if (!(error instanceof Error || types.isNativeError(error))) {
    return JSON.stringify({ errorType: type ?? typeof error, errorMessage: String(error), trace: [] });
  }
  return JSON.stringify({
    errorType: type ?? error.name,
    errorMessage: type ? String(error) : error.message,
    trace: (error.stack ?? '').split('\n'),
  });
}

/** @param {string} errorMessage */
const marshalError = (errorMessage) =>
  JSON.stringify({ errorType: 'Runtime.MarshalError', errorMessage, trace: [] });

/**
 * Calls it with an event, and tells what it comes to: its first answer, by a promise, the callback or the context.
 * @param {Function} handler
 * @param {string} payload JSON text
 * @param {object} context what the runtime tells it
 * @param {(payload: string, failed: boolean) => void} settle may be called more than once
 */
export function callHandler(handler, payload, context, settle) {
  const fail = (/** @type {unknown} */ error) => settle(errorPayload(error), true);
  const succeed = (/** @type {unknown} */ result) => {
    let text;
    try {
      text = JSON.stringify(result ?? null) ?? 'null';
    } catch {
      return settle(marshalError('Unable to stringify response body'), true);
    }
    if (tooDeepAt(text) === undefined) return settle(text, false);
    return settle(marshalError(`Unable to stringify response body: ${TOO_DEEP}`), true);
  };
  const done = (/** @type {unknown} */ error, /** @type {unknown} */ result) =>
    error === null || error === undefined ? succeed(result) : fail(error);
  try {
    const result = handler(JSON.parse(payload), { ...context, done, succeed, fail }, done);
    if (typeof result?.then === 'function') result.then(succeed, fail);
  } catch (error) {
    fail(error);
  }
}
