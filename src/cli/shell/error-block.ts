import { exitCodes, type FlowError } from '../../errors.js';
import { paint } from '../../views/text/paint.js';
import { visibleJson, visibleStyled } from '../../views/text/safe-text.js';
import { redactTokens } from '../../workflow/history/redact.js';

/**
 * The short block that a person reads: what, where, what to do. A token may stand in it: one that was typed where a name is
 * expected.
 */
export function errorBlock(error: FlowError, color: boolean): string {
  const ink = paint(color);
  // An interruption is not an error: no red, no "error".
  const soft = error.exitCode >= 124;
  // Deeper than ours: no line of another's text passes for a hint.
  const within = (text: string): string => text.replaceAll('\n', '\n         ');
  const message = within(error.message);
  const lines = [soft ? message : `${ink.red('error:')} ${message}`];
  if (error.where !== undefined) lines.push(`  ${ink.dim('where:')} ${within(error.where)}`);
  if (error.hint !== undefined) {
    const label = isLine(error.hint) ? 'try:' : 'hint:';
    lines.push(`  ${ink.dim(label)}${' '.repeat(8 - label.length - 1)}${within(error.hint)}`);
  }
  if (error.exitCode === exitCodes.bug)
    lines.push(
      `  ${ink.dim('hint:')}  this is a bug in mbc-flow: please report it, with the file that this writes`,
    );
  return visibleStyled(redactTokens(lines.join('\n')));
}

/** What can be typed as it stands; anything else is advice. */
const isLine = (hint: string): boolean => /^(?:mbc-flow|aws|cd|node|iconv) /.test(hint);

/** The one JSON line that scripts read from stderr. */
export function errorJson(error: FlowError): string {
  const { code, exitCode, message, where, hint, details } = error;
  const json = JSON.stringify({ error: { code, exitCode, message, where, hint, ...details } });
  return visibleJson(redactTokens(json));
}
