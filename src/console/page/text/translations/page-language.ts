import { language } from '../../core/settings.js';
import { happenedIn } from './event-facts.js';
import { type Said, saidIn } from './translate.js';

export type { Said };

/** A text of the server in the language of the page. */
export const said = (message: string, code?: string): Said => saidIn(language.value === 'ja', message, code);

/** The same in one text. */
export function saidText(message: string, code?: string): string {
  const { text, original } = said(message, code);
  return original === undefined ? text : `${text} (${original})`;
}

/** What an event says, in the language of the page. */
export const happened = (what: string): string => happenedIn(language.value === 'ja', what);
