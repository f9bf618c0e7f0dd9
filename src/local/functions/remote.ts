import { randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isObject, type Json } from '../../asl/json.js';
import type { InvokeResult } from '../ports.js';

/**
 * Sends an Invoke to another Lambda endpoint (serverless-offline, SAM, …). It may take as long as it likes: the
 * endpoint and the Task state have timeouts of their own.
 */
export async function invokeRemote(
  endpoint: string,
  name: string,
  payload: string,
  signal?: AbortSignal,
): Promise<InvokeResult> {
  const url = `${endpoint.replace(/\/+$/, '')}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
  try {
    const { response, text } = await post(url, payload, signal);
    const requestId = header(response, 'x-amzn-requestid') ?? randomUUID();
    const executedVersion = header(response, 'x-amz-executed-version') ?? '$LATEST';
    const statusCode = response.statusCode ?? 500;
    if (statusCode >= 200 && statusCode < 300) {
      const failed = header(response, 'x-amz-function-error');
      const functionError = failed === undefined ? undefined : failed === 'Handled' ? 'Handled' : 'Unhandled';
      return { statusCode: 200, payload: text, functionError, requestId, executedVersion };
    }
    const said = parsed(text);
    const message = isObject(said) ? (said.Message ?? said.message) : undefined;
    const serviceError = {
      code: header(response, 'x-amzn-errortype')?.split(':')[0] ?? 'ServiceException',
      message: typeof message === 'string' ? message : `${url} answered ${statusCode}`,
    };
    return { statusCode, payload: '', serviceError, requestId, executedVersion };
  } catch (error) {
    const serviceError = {
      code: 'ServiceException',
      message: `the Lambda endpoint ${endpoint} did not answer: ${reason(error)}`,
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

async function post(
  url: string,
  payload: string,
  signal?: AbortSignal,
): Promise<{ response: IncomingMessage; text: string }> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(payload) };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    send(url, { method: 'POST', headers, signal }, resolve).on('error', reject).end(payload);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return { response, text: Buffer.concat(chunks).toString('utf8') };
}

function header({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

/** Where a name has several addresses, node's own message is empty and `code` tells more. */
function reason(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || String(error);
}
