import type { FlowError } from '../errors.js';

/** The short block that a person reads: what, where, what to do. */
export function errorBlock(error: FlowError, color: boolean): string {
  const paint = (code: number, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  // An interruption is nobody's fault: no red, no "error".
  const soft = error.exitCode >= 124;
  const lines = [soft ? error.message : `${paint(31, 'error:')} ${error.message}`];
  if (error.where !== undefined) lines.push(`  ${paint(2, 'where:')} ${error.where}`);
  if (error.hint !== undefined) lines.push(`  ${paint(2, 'try:')}   ${error.hint}`);
  return lines.join('\n');
}

/** The one JSON line that scripts read from stderr. */
export function errorJson(error: FlowError): string {
  const { code, exitCode, message, where, hint, details } = error;
  return JSON.stringify({ error: { code, exitCode, message, where, hint, ...details } });
}
