import { ItemReaderError, maxItemBytes } from './source.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);
const OPEN_BRACKET = 0x5b;

export const NO_SUCH_PATH =
  'The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON structure.';

/** JSON text of an element; `key` where the target is an object. */
export interface JsonElement {
  key?: string;
  text: string;
}

interface Container {
  isArray: boolean;
  /** Of the element that is being read: the last key (JSON text) or the index. */
  key: string;
  index: number;
}

/**
 * Finds the elements of the array or object that a JSON pointer names, while the document streams by: one element is
 * held at a time. `push` chunks in order; then `end` says whether the document was whole.
 */
export class JsonScanner {
  #path: string[];
  #stack: Container[] = [];
  /** Containers of the stack, from the top level on, that lie on the pointer's way. */
  #matched = 0;
  #found = false;
  /** Something stands where the pointer leads, though it may be no container. */
  #met = false;
  #foundObject = false;
  #inString = false;
  #escaped = false;
  /** Bytes of a key, or of an element of the target; `undefined` while neither is read. */
  #kept: Buffer[] | undefined;
  #keptBytes = 0;
  #readingKey = false;
  #begun = false;

  /** @param pointer RFC 6901: `''` is the whole document */
  constructor(pointer: string) {
    this.#path = pointer
      .split('/')
      .slice(1)
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  }

  /** Whether the pointer's target was seen, and is an object. */
  get isObject(): boolean {
    return this.#foundObject;
  }

  push(chunk: Uint8Array): JsonElement[] {
    const elements: JsonElement[] = [];
    let from = 0;
    const keep = (to: number): void => {
      if (!this.#kept || to <= from) return;
      this.#kept.push(Buffer.from(chunk.subarray(from, to)));
      this.#keptBytes += to - from;
      if (this.#keptBytes > maxItemBytes)
        throw new ItemReaderError('An item of the JSON file is larger than 8 MiB.');
    };
    const take = (to: number): string => {
      keep(to);
      const text = Buffer.concat(this.#kept ?? [])
        .toString('utf8')
        .trim();
      this.#kept = undefined;
      this.#keptBytes = 0;
      return text;
    };
    const begin = (at: number): void => {
      this.#kept = [];
      this.#keptBytes = 0;
      from = at;
    };
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
        continue;
      }
      if (byte === QUOTE) {
        this.#inString = true;
        if (this.#expectsKey()) begin(at);
        continue;
      }
      const top = this.#stack.at(-1);
      if (OPEN.has(byte)) {
        this.#open(byte === OPEN_BRACKET);
        if (this.#inTarget()) this.#startElement(begin, at + 1);
      } else if (CLOSE.has(byte)) {
        if (this.#inTarget()) this.#emit(elements, take(at));
        this.#stack.pop();
        this.#matched = Math.min(this.#matched, this.#stack.length);
      } else if (byte === COLON && top && !top.isArray) {
        if (this.#readingKey) {
          top.key = take(at);
          this.#readingKey = false;
          this.#meet();
          if (this.#inTarget()) begin(at + 1);
        }
      } else if (byte === COMMA && top) {
        if (this.#inTarget()) {
          this.#emit(elements, take(at));
          this.#startElement(begin, at + 1);
        }
        top.index++;
        if (top.isArray) this.#meet();
        if (!top.isArray) this.#readingKey = this.#keepsKeys();
      }
    }
    keep(chunk.length);
    return elements;
  }

  /** @throws ItemReaderError where the document ends early, or has nothing to go through at the pointer */
  end(): void {
    if (this.#stack.length > 0 || this.#inString) throw new ItemReaderError('The JSON file ends too early.');
    if (this.#found) return;
    throw new ItemReaderError(
      this.#met || this.#path.length === 0 ? 'Attempting to map over non-iterable node.' : NO_SUCH_PATH,
    );
  }

  #meet(): void {
    const { length } = this.#stack;
    if (length === this.#path.length && this.#matched === length && this.#token() === this.#path[length - 1])
      this.#met = true;
  }

  #open(isArray: boolean): void {
    const { length } = this.#stack;
    if (length === 0) {
      if (this.#begun) throw new ItemReaderError('The JSON file has more than one document.');
      this.#begun = true;
    }
    const onWay = length === 0 || (this.#matched === length && this.#token() === this.#path[length - 1]);
    this.#stack.push({ isArray, key: '', index: 0 });
    if (onWay) this.#matched = length + 1;
    if (this.#inTarget()) {
      this.#found = true;
      this.#foundObject = !isArray;
    }
    this.#readingKey = !isArray && this.#keepsKeys();
    if (isArray) this.#meet();
  }

  /** Key or index of the element that is being read, as a pointer's token. */
  #token(): string {
    const top = this.#stack.at(-1);
    if (!top) return '';
    return top.isArray ? String(top.index) : parsedKey(top.key);
  }

  /** The top of the stack is what the pointer names. */
  #inTarget(): boolean {
    const { length } = this.#stack;
    return length === this.#path.length + 1 && this.#matched === length;
  }

  #keepsKeys(): boolean {
    return this.#matched === this.#stack.length && this.#stack.length <= this.#path.length + 1;
  }

  #expectsKey(): boolean {
    return this.#readingKey && !this.#kept;
  }

  /** An element of an array is kept from here; of an object, its key comes first. */
  #startElement(begin: (at: number) => void, at: number): void {
    const top = this.#stack.at(-1);
    if (top?.isArray) begin(at);
  }

  #emit(elements: JsonElement[], text: string): void {
    const top = this.#stack.at(-1);
    // Nothing between the brackets, or between them and the first key.
    if (!top || text === '') return;
    elements.push(top.isArray ? { text } : { key: parsedKey(top.key), text });
  }
}

function parsedKey(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    throw new ItemReaderError('The JSON file is not valid JSON.');
  }
}
