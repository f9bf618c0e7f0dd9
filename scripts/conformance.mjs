// How far we behave as AWS was recorded to: npm run conformance -- [folder] [--show ID]
// Or as it was measured and documented: npm run conformance -- cases [part of an id or a kind, or a pattern]
// Both run in test/conformance (under vitest, as in `npm test`); this prints what became of them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { show: { type: 'string' } },
});

const runs = {
  cases: () => run('cases/cases.test.ts', { MBC_FLOW_CONFORMANCE_WHICH: positionals.slice(1).join(' ') }),
  recordings: () =>
    run('conformance.test.ts', {
      ...(values.show && { MBC_FLOW_CONFORMANCE_ID: values.show }),
      MBC_FLOW_CONFORMANCE_FOLDER: resolve(positionals[0] ?? join(root, '../shared/material/histories')),
    }),
};

function run(test, env) {
  const scratch = mkdtempSync(join(tmpdir(), 'mbc-flow-conformance-'));
  const results = join(scratch, 'results.json');
  try {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/vitest/vitest.mjs'),
        ...['run', '--config', join(root, 'test/conformance/vitest.config.ts')],
        `test/conformance/${test}`,
      ],
      {
        cwd: root,
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
        env: {
          ...process.env,
          ...env,
          MBC_FLOW_CONFORMANCE_RESULTS: results,
        },
      },
    );
    try {
      return JSON.parse(readFileSync(results, 'utf8'));
    } catch {
      throw new Error(`the cases did not run:\n${stdout}${stderr}`);
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

const line = (text = '') => process.stdout.write(`${text}\n`);
const count = (cases, verdict) => cases.filter((one) => one.verdict === verdict).length;
const grouped = (cases, key) => [...groups(cases, key)];

function groups(cases, key) {
  const found = new Map();
  for (const one of cases) found.set(key(one), [...(found.get(key(one)) ?? []), one]);
  return found;
}

function show({ id, test, area, verdict, why }) {
  line(`${id}  ${area}  ${test.replace(/^.*\//, '')}  ${verdict}`);
  if (why) line(`  ${why.replaceAll('\n', '\n  ')}`);
}

function tell({ id, test, why }) {
  line(`${id}  (${test})\n  ${why.replaceAll('\n', '\n  ')}\n`);
}

const ofCases = positionals[0] === 'cases';
const cases = ofCases ? runs.cases() : runs.recordings();
if (ofCases) {
  if (cases.length === 0) throw new Error(`no case or kind is called ${positionals.slice(1).join(' ')}`);
  for (const one of cases) if (one.verdict === 'failed') tell(one);
} else if (values.show) {
  for (const one of cases.filter(({ id }) => id === values.show)) show(one);
} else {
  line(`${'area'.padEnd(14)}${'passed'.padStart(8)}${'failed'.padStart(8)}${'left out'.padStart(10)}`);
  for (const [area, ofArea] of grouped(cases, (one) => one.area)) {
    const numbers = [
      ['passed', 8],
      ['failed', 8],
      ['left out', 10],
    ];
    line(
      area.padEnd(14) +
        numbers.map(([verdict, width]) => String(count(ofArea, verdict)).padStart(width)).join(''),
    );
  }
  const leftOut = cases.filter(({ verdict }) => verdict === 'left out');
  if (leftOut.length > 0) line('\nleft out');
  for (const [why, ofReason] of grouped(leftOut, (one) => `${one.area}: ${one.why}`).sort(
    (a, b) => b[1].length - a[1].length,
  ))
    line(`${String(ofReason.length).padStart(6)}  ${why}`);
  const failed = cases.filter(({ verdict }) => verdict === 'failed');
  if (failed.length > 0) line('\nfailed (more: --show ID)');
  for (const { id, area, test, why = '' } of failed)
    line(`  ${id}  ${area}  ${test.replace(/^.*\//, '')}\n      ${why.split('\n')[0].slice(0, 200)}`);
  line();
}
const masked = cases.reduce((sum, one) => sum + (one.masked ?? 0), 0);
if (masked > 0) line(`undecidable: ${masked} values and places that recordings have masked`);
const failed = count(cases, 'failed');
line(`${count(cases, 'passed')} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
