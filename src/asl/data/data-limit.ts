import { isObject, type Json } from '../../json/json.js';
import { isWritten } from '../../json/lossless.js';
import { MOST_LEVELS, tooDeepAt } from '../../json/parse.mjs';
import { jsonOf, MAX_DATA_BYTES, type Value } from './value.js';
import { OverLimit, type Work } from './work-limit.js';

/** What is being made has grown beyond what a state may hand on. */
export class TooMuchData extends OverLimit {}

/** What is being made is nested deeper than anything follows it. */
class TooDeep extends OverLimit {}

/** What lies on the way to a state's data may be larger: a text of it escaped twice, its pieces in a list. */
const ON_THE_WAY_BYTES = 4 * MAX_DATA_BYTES;
/** What comes in may be many parts of the same document. */
const GIVEN_BYTES = 16 * MAX_DATA_BYTES;
/** Of JSON text, read or written in the time that a node is visited. */
const BYTES_PER_STEP = 16;

/**
 * Room for data that is being made, in bytes of its JSON text: at least so many, since no text is made to count it.
 * What takes more ends at once, so that a value that is placed a thousand times is not copied, counted or written so often.
 */
export class Room {
  constructor(public left = MAX_DATA_BYTES) {}

  static onTheWay(): Room {
    return new Room(ON_THE_WAY_BYTES);
  }

  /** @param levels around `value` @throws TooMuchData, TooDeep */
  place(value: Json, levels = 0): void {
    if (typeof value === 'string') this.take(value.length + 2);
    else if (Array.isArray(value)) {
      this.enter(levels);
      this.take(2 + Math.max(0, value.length - 1));
      for (const item of value) this.place(item, levels + 1);
    } else if (isObject(value)) {
      this.enter(levels);
      this.take(1);
      for (const name in value) {
        this.name(name);
        this.place(value[name] ?? null, levels + 1);
      }
    } else this.take(typeof value === 'number' ? 1 : isWritten(value) ? value.text.length : 4);
  }

  /** As `place`, by the text where there is one. */
  placeValue(value: Value, levels = 0): void {
    const { members, written } = value;
    if (written !== undefined) {
      this.take(written.length);
      if (tooDeepAt(written, levels) !== undefined) throw new TooDeep('The data is nested too deeply.');
    } else if (members) {
      this.enter(levels);
      this.take(1);
      for (const [name, member] of members) {
        this.name(name);
        this.placeValue(member, levels + 1);
      }
    } else this.place(jsonOf(value), levels);
  }

  /** A member's name, with its quotes, its colon and a comma. */
  name(name: string): void {
    this.take(name.length + 4);
  }

  take(bytes: number): void {
    this.left -= bytes;
    if (this.left < 0) throw new TooMuchData('The data is too large.');
  }

  enter(levels: number): void {
    if (levels >= MOST_LEVELS) throw new TooDeep('The data is nested too deeply.');
  }
}

/** Counts the reading of a function's argument, or (`made`) the making of its result. */
export function spendOn(value: Json, work: Work, made: boolean): void {
  const bytes = made ? ON_THE_WAY_BYTES : GIVEN_BYTES;
  const room = new Room(bytes);
  room.place(value);
  work.spend((bytes - room.left) / BYTES_PER_STEP);
}
