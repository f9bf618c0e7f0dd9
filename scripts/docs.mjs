// Writes the references in docs/ and schemas/ from the sources; `--check` only says which are out of date.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declarations, references } from './declarations.mjs';
import { cliPage } from './docs/cli.mjs';
import { configPage } from './docs/config.mjs';
import { contractOf, growGolden } from './docs/contract.mjs';
import { errorCodes, errorsPage, exitCodesOfErrors } from './docs/errors.mjs';
import { jsonPage } from './docs/json.mjs';
import { documentSchemas } from './docs/json-schemas.mjs';
import { environmentPage, exitCodesPage, lintRulesPage, permissionsPage } from './docs/pages.mjs';
import { manPages } from './man-pages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const declared = await declarations();
const known = await references();
const schemas = documentSchemas(root);
const codes = errorCodes(root);
const files = new Map([
  ['docs/cli.md', cliPage(declared)],
  ['docs/config.md', configPage(known)],
  ['docs/json.md', jsonPage(schemas)],
  ['docs/exit-codes.md', exitCodesPage(declared)],
  ['docs/environment.md', environmentPage(declared)],
  ['docs/lint-rules.md', lintRulesPage(known)],
  ['docs/errors.md', errorsPage(codes)],
  ['docs/permissions.md', permissionsPage(known)],
  ...[...schemas].map(([name, schema]) => [
    `schemas/${name}.schema.json`,
    `${JSON.stringify(schema, null, 1)}\n`,
  ]),
]);
// npm links manual pages of a global installation only where package.json lists them.
const pages = [...manPages('', declared).keys()].sort().map((name) => `./dist/man/${name}`);
const manifest = readFileSync(join(root, 'package.json'), 'utf8');
const listed = manifest.replace(/^ {2}"man": \[[^\]]*\]/m, () => {
  const lines = pages.map((name) => `\n    "${name}"`).join(',');
  return `  "man": [${lines}\n  ]`;
});
mkdirSync(join(root, 'schemas'), { recursive: true });
const left = readdirSync(join(root, 'schemas'))
  .map((name) => `schemas/${name}`)
  .filter((path) => !files.has(path));
const present = (path) => {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
};
const changed = [...files].filter(([path, text]) => present(path) !== text);
if (process.argv.includes('--check')) {
  for (const path of [...changed.map(([name]) => name), ...left])
    process.stderr.write(`${path} is out of date: run npm run docs\n`);
  if (manifest !== listed) process.stderr.write('package.json: "man" is out of date: run npm run docs\n');
  if (changed.length + left.length > 0 || manifest !== listed) process.exitCode = 1;
} else {
  for (const [path, text] of changed) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const path of left) rmSync(join(root, path));
  for (const [name, schema] of schemas) growGolden(root, `documents/${name}`, contractOf(schema));
  if (manifest !== listed) writeFileSync(join(root, 'package.json'), listed);
  growGolden(root, 'errors', exitCodesOfErrors(codes));
}
