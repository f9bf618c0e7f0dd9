import type { RecordScanner } from './scanner.js';

const LF = 0x0a;
/** Where lines can't be passed over, so many bytes are scanned at least before it is tried again, then twice as many. */
const leastScanned = 64;

/** Whole lines: `[from, end)`. */
export interface LinesAtHand {
  bytes: Uint8Array;
  from: number;
  end: number;
}

export interface ChunkScanOptions {
  /** Whether lines could be passed over at all, for what their bytes are. */
  isSound(bytes: Uint8Array): boolean;
  /** Passes over as many as it can. @returns just behind them */
  passOver(lines: LinesAtHand): number;
  /** Gives bytes to the scanner and reads its records. */
  scan(bytes: Uint8Array): void;
}

/** Cuts a chunk into lines that are passed over and such that are scanned. */
export class ChunkScan {
  readonly #scanner: RecordScanner;
  /** The last chunk ended in a line: its rest is no line. */
  #inLine = false;

  constructor(scanner: RecordScanner) {
    this.#scanner = scanner;
  }

  push(chunk: Uint8Array, { isSound, passOver, scan }: ChunkScanOptions): void {
    let end: number | undefined;
    let least = 0;
    for (let at = 0; at < chunk.length; ) {
      if (!this.#inLine && this.#scanner.idle) {
        end ??= endOfLines(chunk, at, isSound);
        const passed = at < end ? passOver({ bytes: chunk, from: at, end }) : at;
        if (passed > at) least = 0;
        at = passed;
        if (at === chunk.length) return;
        if (at >= end) least = chunk.length;
      }
      const newline = chunk.indexOf(LF, at + least);
      const next = newline < 0 ? chunk.length : newline + 1;
      scan(chunk.subarray(at, next));
      this.#inLine = newline < 0;
      at = next;
      least = Math.max(leastScanned, 2 * least);
    }
  }
}

function endOfLines(chunk: Uint8Array, from: number, isSound: (bytes: Uint8Array) => boolean): number {
  const end = chunk.lastIndexOf(LF) + 1;
  return end > from && isSound(chunk.subarray(from, end)) ? end : 0;
}
