import { shellWord } from '../../workflow/names/shell-word.js';
import type { Target } from './target.js';

/** What the user called an execution, as a shell takes it again, with the words that reach the same target. */
export function hintReference(
  reference: string,
  target: Pick<Target, 'flagsForHints'>,
  flags = true,
): string {
  return flags ? `${shellWord(reference)}${target.flagsForHints}` : shellWord(reference);
}
