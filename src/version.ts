import { readFileSync } from 'node:fs';

/** The package's version; its package.json is one level above both src/ and dist/. */
export const version = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
