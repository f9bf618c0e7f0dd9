import type { ServerResponse } from 'node:http';
import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { redactedValue } from '../../workflow/history/redact.js';
import type { ErrorDocument } from '../api.js';
import type { Refusal } from './guard.js';

/** On every answer: nothing of it runs, is framed, kept or told to others. */
export const safeHeaders: Record<string, string> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'X-Frame-Options': 'DENY',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
};

/** No task token is in what the page gets, wherever it comes from. */
export function sendJson(response: ServerResponse, status: number, document: unknown): void {
  const body = Buffer.from(JSON.stringify(redactedValue(document)) ?? 'null');
  response.writeHead(status, {
    ...safeHeaders,
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Length': body.length,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

export function sendRefusal(response: ServerResponse, { status, code, message }: Refusal): void {
  // What it still sends is not read: the connection ends with the answer.
  response.setHeader('Connection', 'close');
  sendJson(response, status, { error: { code, message } } satisfies ErrorDocument);
}

const statuses: Partial<Record<ExitCode, number>> = {
  [exitCodes.usage]: 400,
  [exitCodes.notFound]: 404,
  [exitCodes.denied]: 403,
  [exitCodes.conflict]: 409,
  [exitCodes.unreachable]: 503,
};

export const errorOf = ({ code, message, where, hint, details }: FlowError): ErrorDocument['error'] => ({
  code,
  message,
  where,
  hint,
  details,
});

export function sendError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof FlowError
      ? error
      : new FlowError(
          exitCodes.bug,
          'Bug',
          `mbc-flow failed: ${error instanceof Error ? error.message : error}`,
        );
  // What was not read of its body is not read any more.
  if (!response.req.complete) response.setHeader('Connection', 'close');
  const status = known.code === 'TooLarge' ? 413 : (statuses[known.exitCode] ?? 500);
  sendJson(response, status, { error: errorOf(known) } satisfies ErrorDocument);
}
