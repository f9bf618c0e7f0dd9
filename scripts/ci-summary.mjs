// Reads vitest's JSON reports: names each skipped test, refuses those that .ci/allowed-skips does not allow, and
// ends with one line of counts. Usage: ci-summary.mjs REPORTS_FOLDER [MISSING_TOOL...]
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isAbsent, needOf } from '../test/left-out.mjs';

const root = new URL('..', import.meta.url).pathname;
const [folder, ...missingTools] = process.argv.slice(2);
const allowed = new Set(
  readFileSync(join(root, '.ci/allowed-skips'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' '))
    .filter(([tool]) => missingTools.includes(tool))
    .map(([, file]) => file),
);

let passed = 0;
let failed = 0;
const say = (line) => process.stdout.write(`${line}\n`);
for (const report of readdirSync(folder)) {
  const { testResults } = JSON.parse(readFileSync(join(folder, report), 'utf8'));
  for (const { name, status, assertionResults, message } of testResults) {
    const file = relative(root, name);
    if (status === 'failed' && assertionResults.length === 0) {
      failed++;
      say(`FAILED ${file}: ${message}`);
    }
    for (const { status, fullName } of assertionResults) {
      if (status === 'passed') passed++;
      else if (status === 'failed') failed++;
      else if (allowed.has(file) || isAbsent(needOf(fullName))) say(`SKIPPED ${file}: ${fullName}`);
      else {
        failed++;
        say(`FAILED ${file}: ${fullName}: skipped, and not in .ci/allowed-skips`);
      }
    }
  }
}
say(`${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) process.exitCode = 1;
