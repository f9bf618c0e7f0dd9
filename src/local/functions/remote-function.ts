import { randomUUID } from 'node:crypto';
import { isObject, parsedJson } from '../../json/json.js';
import { jsonFault } from '../../json/parse.mjs';
import { headerOf, send, sendFailure } from '../http/client.js';
import type { InvokeResult } from '../ports.js';

/** Lambda's own limit of a response is below this; an endpoint that answers without end is cut off here. */
const mostBytes = 8 << 20;

/** What an invocation asks for besides its answer. */
export interface Asked {
  /** A version or an alias. */
  qualifier?: string;
  /** The end of the log. */
  tail: boolean;
}

/**
 * Sends an Invoke to another Lambda endpoint (serverless-offline, SAM, …). It may take as long as it likes: the
 * endpoint and the Task state have timeouts of their own.
 */
export async function invokeRemote(
  endpoint: string,
  name: string,
  payload: string,
  signal: AbortSignal | undefined,
  { qualifier, tail }: Asked,
): Promise<InvokeResult> {
  const url = `${endpoint.replace(/\/+$/, '')}/2015-03-31/functions/${encodeURIComponent(name)}/invocations${
    qualifier === undefined ? '' : `?Qualifier=${encodeURIComponent(qualifier)}`
  }`;
  try {
    const headers = { 'Content-Type': 'application/json', ...(tail && { 'X-Amz-Log-Type': 'Tail' }) };
    const reply = await send(url, { method: 'POST', headers, body: payload, signal, mostBytes });
    const text = reply.body.toString('utf8');
    const requestId = headerOf(reply, 'x-amzn-requestid') ?? randomUUID();
    const executedVersion = headerOf(reply, 'x-amz-executed-version') ?? '$LATEST';
    const statusCode = reply.status;
    if (statusCode >= 200 && statusCode < 300) {
      const failed = headerOf(reply, 'x-amz-function-error');
      const functionError = failed === undefined ? undefined : failed === 'Handled' ? 'Handled' : 'Unhandled';
      const logResult = headerOf(reply, 'x-amz-log-result');
      const answered = { statusCode: 200, requestId, executedVersion, logResult };
      // Nothing is null, as Lambda has it; what comes from outside must be JSON before anything relies on it.
      const payload = text.trim() === '' ? 'null' : text;
      if (parsedJson(payload) !== undefined) return { ...answered, payload, functionError };
      return { ...answered, payload: JSON.stringify(notJson(url, text)), functionError: 'Unhandled' };
    }
    const said = parsedJson(text);
    const message = isObject(said) ? (said.Message ?? said.message) : undefined;
    const serviceError = {
      code: headerOf(reply, 'x-amzn-errortype')?.split(':')[0] ?? 'ServiceException',
      message: typeof message === 'string' ? message : `${url} answered ${statusCode}`,
    };
    return { statusCode, payload: '', serviceError, requestId, executedVersion };
  } catch (error) {
    const serviceError = {
      code: 'ServiceException',
      message: `the Lambda endpoint ${endpoint} did not answer: ${sendFailure(error)}`,
    };
    return {
      statusCode: 503,
      payload: '',
      serviceError,
      requestId: randomUUID(),
      executedVersion: '$LATEST',
    };
  }
}

/** As Lambda's runtime says it of a handler whose answer is no JSON. */
const notJson = (url: string, text: string) => ({
  errorType: 'Runtime.MarshalError',
  errorMessage: `Unable to unmarshal output: ${url} answered with something that ${jsonFault(text)}: ${JSON.stringify(text.slice(0, 200))}`,
});
