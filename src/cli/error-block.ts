import type { FlowError } from '../errors.js';
import { visible, visibleJson } from '../views/safe-text.js';

/** The short block that a person reads: what, where, what to do. */
export function errorBlock(error: FlowError, color: boolean): string {
  const paint = (code: number, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  // An interruption is nobody's fault: no red, no "error".
  const soft = error.exitCode >= 124;
  const message = visible(error.message);
  const lines = [soft ? message : `${paint(31, 'error:')} ${message}`];
  if (error.where !== undefined) lines.push(`  ${paint(2, 'where:')} ${visible(error.where)}`);
  if (error.hint !== undefined) lines.push(`  ${paint(2, 'try:')}   ${visible(error.hint)}`);
  return lines.join('\n');
}

/** The one JSON line that scripts read from stderr. */
export function errorJson(error: FlowError): string {
  const { code, exitCode, message, where, hint, details } = error;
  return visibleJson(JSON.stringify({ error: { code, exitCode, message, where, hint, ...details } }));
}
