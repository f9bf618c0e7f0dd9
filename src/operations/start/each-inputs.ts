import { createHash } from 'node:crypto';
import type { FileSource } from '../../ports/file-source.js';
import { stableName } from '../../workflow/names/stable-name.js';
import { textLines } from './json-lines.js';

/** One line of the file, and the execution that it is the input of. */
export interface EachInput {
  /** 0-based, of the inputs. */
  index: number;
  /** 1-based, of the file. */
  line: number;
  name: string;
  input: string;
}

/** No line can be an input that is longer: AWS takes 256 KiB. */
const longestLine = 1_000_000;

/**
 * A name is made of the input and of how often the same input came before it, so that a second run of the same lines (or
 * of more, or in another order) finds what the first one started. Ends early when `signal` fires.
 * @param label what names begin with; another one starts the same inputs again
 */
export async function* inputsOf(
  source: FileSource,
  label: string,
  signal: AbortSignal,
): AsyncGenerator<EachInput> {
  const seen = new Map<number, number>();
  let index = 0;
  for await (const { line, text } of textLines(source.path, source.read(), longestLine)) {
    if (signal.aborted) return;
    const digest = createHash('sha256').update(`${label}\n${text}`).digest('hex');
    // 48 bits spare memory; the names have 64.
    const key = Number.parseInt(digest.slice(0, 12), 16);
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    yield { index: index++, line, name: stableName(label, 'each', digest, times), input: text };
  }
}
