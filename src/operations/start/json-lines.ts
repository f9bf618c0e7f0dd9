import { recogniseBinary } from '../../csv/file-kind.js';
import { exitCodes, FlowError } from '../../errors.js';

export interface TextLine {
  /** 1-based, of the file. */
  line: number;
  /** Without its end, trimmed. */
  text: string;
}

/**
 * The lines of a UTF-8 file that are not blank, one in memory at a time.
 * @param longest in characters: a line beyond it ends the reading, so that a file without line ends does not fill
 * the memory
 * @throws FlowError 2 for such a line, for bytes that are no UTF-8, and for what is no text
 */
export async function* textLines(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  longest: number,
): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let line = 0;
  const refuse = (code: string, message: string): FlowError =>
    new FlowError(exitCodes.usage, code, message, { where: `${path}:${line + 1}:1` });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw refuse('NotUtf8', 'from this line on the file is not UTF-8');
    }
  };
  function* take(text: string, last: boolean): Generator<TextLine> {
    const lines = (rest + text).split('\n');
    rest = last ? '' : (lines.pop() ?? '');
    for (const one of lines) {
      line++;
      const trimmed = one.trim();
      if (trimmed !== '') yield { line, text: trimmed };
    }
  }
  let begun = false;
  for await (const chunk of chunks) {
    const kind = begun ? undefined : recogniseBinary(chunk);
    if (kind) throw refuse('NotText', `this is ${kind}`);
    begun = true;
    yield* take(decode(chunk), false);
    if (rest.length > longest) throw refuse('LineTooLong', `a line has more than ${longest} characters`);
  }
  yield* take(decode(), true);
}
