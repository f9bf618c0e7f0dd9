import { randomUUID } from 'node:crypto';
import type { InvokeResult } from '../ports.js';

/** Sends an Invoke to another Lambda endpoint (serverless-offline, SAM, …). */
export async function invokeRemote(
  endpoint: string,
  name: string,
  payload: string,
  signal?: AbortSignal,
): Promise<InvokeResult> {
  const url = `${endpoint.replace(/\/+$/, '')}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
  const unreachable = (message: string): InvokeResult => ({
    statusCode: 503,
    payload: '',
    serviceError: { code: 'ServiceException', message },
    requestId: randomUUID(),
    executedVersion: '$LATEST',
  });
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: payload,
      signal,
    });
    const text = await response.text();
    const requestId = response.headers.get('x-amzn-requestid') ?? randomUUID();
    if (!response.ok) {
      const code = response.headers.get('x-amzn-errortype')?.split(':')[0] ?? 'ServiceException';
      const { Message, message } = JSON.parse(text || '{}') as { Message?: string; message?: string };
      const said = Message ?? message ?? `${url} answered ${response.status}`;
      return {
        ...unreachable(said),
        statusCode: response.status,
        serviceError: { code, message: said },
        requestId,
      };
    }
    return {
      statusCode: 200,
      payload: text,
      functionError: response.headers.has('x-amz-function-error') ? 'Unhandled' : undefined,
      requestId,
      executedVersion: response.headers.get('x-amz-executed-version') ?? '$LATEST',
    };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { message?: string } };
    return unreachable(`the Lambda endpoint ${endpoint} did not answer: ${cause?.message ?? message}`);
  }
}
