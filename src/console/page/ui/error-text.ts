import { ApiError } from '../core/api.js';
import { type Said, said, saidText } from '../text/translations/page-language.js';

/** What went wrong, in the language of the page. */
export function saidOf(error: unknown): Said & { hint?: string } {
  if (!(error instanceof ApiError)) return { text: String(error) };
  const { message, code, hint } = error;
  return { ...said(message, code), ...(hint !== undefined && { hint: saidText(hint) }) };
}
