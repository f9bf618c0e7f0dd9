import { createHash } from 'node:crypto';

/** Digest of all that makes something what it is, in hexadecimal. */
export const digestOf = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');
