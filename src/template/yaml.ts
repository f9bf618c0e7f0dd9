import { parseDocument } from 'yaml';
import { TOO_DEEP } from '../json/parse.mjs';

// The door to the YAML library, which is CommonJS: imported by name here, so that the bundle's lazily loaded chunk
// has these names (`await import('yaml')` itself would have `default` alone there).
export { isAlias, isMap, isScalar, isSeq, stringify } from 'yaml';

/** Its document; what is wrong with it is in its `errors`. */
export function parseYamlDocument(text: string): ReturnType<typeof parseDocument> {
  const document = parseDocument(text, { logLevel: 'error' });
  for (const error of document.errors) {
    if (/call stack/.test(error.message)) error.message = TOO_DEEP;
    if (error.code === 'MULTIPLE_DOCS') error.message = 'a second document begins here';
  }
  return document;
}
