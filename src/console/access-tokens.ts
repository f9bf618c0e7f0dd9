import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../ports/clock.js';

/** The tokens that open the page: this run's own, and those that other processes of the same user have noted. */
export interface Keys {
  /** Of this run, for the fragment of its link. */
  token: string;
  opens(token: string | undefined): Promise<boolean>;
}

/** Digests of tokens, where the user alone may read and write. */
export interface NotedKeys {
  read(): Promise<string[]>;
  note(digest: string): Promise<void>;
}

export const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex');
/** 128 bits: nobody guesses it, and the link fits in a line of 60 columns. */
export const newToken = (): string => randomBytes(16).toString('base64url');

/** Milliseconds between two look-ups of tokens that nobody knows: whoever guesses waits. */
const SELDOM = 300;

/**
 * A token per run. Those of former runs at the same place still open, so that a page goes on when its server is back,
 * and so do those that `open` has noted.
 */
export async function createKeys(noted: NotedKeys, clock: Clock): Promise<Keys> {
  const token = newToken();
  await noted.note(digestOf(token));
  let known = [digestOf(token)];
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  const readAgain = async (): Promise<void> => {
    await clock.sleep(Math.max(0, readAt + SELDOM - clock.now()));
    readAt = clock.now();
    reading = undefined;
    known = [digestOf(token), ...(await noted.read())];
  };
  return {
    token,
    async opens(given) {
      if (given === undefined || given.length > 100) return false;
      const digest = digestOf(given);
      if (isAmong(digest, known)) return true;
      reading ??= readAgain();
      await reading;
      return isAmong(digest, known);
    },
  };
}

const isAmong = (digest: string, known: readonly string[]): boolean => {
  const given = Buffer.from(digest);
  return known.some((one) => one.length === digest.length && timingSafeEqual(Buffer.from(one), given));
};
