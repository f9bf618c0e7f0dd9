import type { DecodedLine } from './decode-line.js';

/** One line of a log, wherever it came from. */
export interface LogLine {
  /** The log group's name. */
  group: string;
  /** The same for the same line, however often it is delivered. */
  key: string;
  /** Epoch milliseconds. */
  timestamp: number;
  message: string;
  /** What the message says. */
  decoded: DecodedLine;
}
