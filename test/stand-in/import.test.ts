import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateStateMachineCommand } from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import { material } from '../shared.js';
import { type StandIn, startStandIn } from './application.js';

const header = 'code,name,price,category\n';
const later12 = `${header}${Array.from({ length: 12 }, (_, index) => {
  const number = index + 1;
  const name = number % 5 === 0 ? 'explode' : `Product ${number}`;
  return `C${String(number).padStart(3, '0')},${name},${number}0,${index % 2 ? 'toys' : 'books'}\n`;
}).join('')}`;
const bad12 = `${header}${Array.from({ length: 12 }, (_, index) => {
  const number = index + 1;
  const name = number === 3 ? '' : `Product ${number}`;
  return `B${String(number).padStart(3, '0')},${name},${number === 7 ? 'cheap' : `${number}0`},${index % 2 ? 'toys' : 'books'}\n`;
}).join('')}`;

/** The CSV of a recording. */
const csvOf = ({ objects }: { objects: Map<string, string> }): string =>
  [...objects].find(([key]) => key.startsWith('imports/'))?.[1] ?? '';

const order = ['--table', 'products', '--tenant', 't1'];

async function importing(app: StandIn, file: string, ...flags: string[]) {
  const { code, stdout, stderr } = await app.run('import', file, ...order, '-o', 'json', ...flags);
  expect(stderr).toBe('');
  return { code, result: JSON.parse(stdout) };
}

const counts = (rows: Record<string, number>) => ({
  failed: 0,
  queued: 0,
  failedLater: 0,
  deadLettered: 0,
  unknown: 0,
  ...rows,
});

const refused = [4, 8].map((line) => ({ line, reason: 'Bad Request Exception' }));
const failedRows = `code,name,price,category,reason
B003,,30,books,Bad Request Exception
B007,Product 7,cheap,books,Bad Request Exception
`;

material.describe('imports of the framework, as its functions were recorded', () => {
  material.test('all rows good: followed to their data rows', async () => {
    const app = await startStandIn('import-good');
    app.write('good12.csv', csvOf(app.recording));
    const { code, result } = await importing(app, 'good12.csv');
    expect(code).toBe(0);
    expect(result).toMatchObject({ status: 'SUCCEEDED', until: 'stored', job: { status: 'COMPLETED' } });
    expect(result.rows).toEqual(counts({ total: 12, succeeded: 12 }));
    expect(await app.rows('product-data')).toHaveLength(12);
  });

  material.test('rows that are queued and fail later are named, a passing error is not', async () => {
    const app = await startStandIn('import-later-failures', { backAfter: 1 });
    app.write('later12.csv', later12);
    const { code, result } = await importing(app, 'later12.csv');
    expect(code).toBe(1);
    expect(result.rows).toEqual(counts({ total: 12, succeeded: 10, failedLater: 2 }));
    expect(result.failures).toEqual([
      { fate: 'failedLater', line: 6, reason: 'product C005 explodes' },
      { fate: 'failedLater', line: 11, reason: 'product C010 explodes' },
    ]);
    // Whoever comes later finds the same by the job.
    const listed = JSON.parse((await app.run('import', 'list', '--tenant', 't1', '-o', 'json')).stdout);
    expect(listed.jobs).toMatchObject([
      { id: result.job.id, kind: 'csv', table: 'products', status: 'COMPLETED', rows: { total: 12 } },
    ]);
    const shown = await app.run('import', 'show', '@last', '--watch', '-o', 'json');
    expect(shown.code).toBe(1);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      id: result.job.id,
      execution: { executionArn: result.executionArn, status: 'SUCCEEDED' },
      rows: result.rows,
      failures: result.failures,
    });
    const text = (await app.run('import', 'show', result.job.id)).stdout;
    expect(text).toMatch(/^ {4}stored +10$/m);
    expect(text).toMatch(/^ {2}6 +failed later: product C005 explodes$/m);
    // The same rows to the queue only: good.
    const queued = await importing(app, 'later12.csv', '--again', '--until', 'queued');
    expect(queued).toMatchObject({ code: 0, result: { until: 'queued', rows: { queued: 12 } } });
  });

  material.test(
    'rows whose message is a dead letter are told so, what was published of it is stored',
    async () => {
      const app = await startStandIn('import-later-failures', {
        backAfter: 1,
        maxReceiveCount: 1,
      });
      app.write('later12.csv', later12);
      const { code, result } = await importing(app, 'later12.csv');
      expect(code).toBe(1);
      expect(result.rows).toEqual(counts({ total: 12, succeeded: 10, deadLettered: 2 }));
      expect(result.failures).toEqual([
        { fate: 'deadLettered', line: 6, reason: 'product C005 explodes' },
        { fate: 'deadLettered', line: 11, reason: 'product C010 explodes' },
      ]);
      // It was looked at, and is still there.
      expect(app.messages('import-dead-letter-queue')).toBe(1);
    },
  );

  material.test('rows that wait longer than one does: 124, and how to come back', async () => {
    const app = await startStandIn('import-later-failures');
    app.write('later12.csv', later12);
    const { code, stderr } = await app.run('import', 'later12.csv', ...order, '--timeout', '5', '-o', 'json');
    expect(code).toBe(124);
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'Timeout',
      hint: expect.stringMatching(/^mbc-flow (import show|watch) /),
    });
  });

  for (const [form, scenario] of [
    ['the local log format', 'import-refused-local'],
    ['lines of JSON', 'import-refused-dev-json'],
  ] as const)
    material.test(`refused rows in ${form}: exactly these, and no other, are written`, async () => {
      const app = await startStandIn(scenario);
      app.write('bad12.csv', bad12);
      const { code, result } = await importing(app, 'bad12.csv', '--failed-rows', 'failed.csv');
      expect(code).toBe(1);
      expect(result).toMatchObject({ status: 'FAILED', failures: refused, job: { status: 'FAILED' } });
      expect(result.rows).toEqual(counts({ total: 12, succeeded: 10, failed: 2 }));
      expect(readFileSync(join(app.cwd, 'failed.csv'), 'utf8')).toBe(failedRows);
      const { stdout } = await app.run('logs', '@last');
      // Of the one request that the execution made itself.
      expect(stdout).toMatch(/CsvImportSfnEventHandler\b.*Fetching ResultWriter manifest/);
    });

  material.test('a retry has a record of its own, and the first stays as it was', async () => {
    const app = await startStandIn('import-retry');
    app.write('bad12.csv', bad12);
    const first = await importing(app, 'bad12.csv');
    expect(first).toMatchObject({ code: 1, result: { failures: refused, status: 'FAILED' } });
    expect(first.result.rows).toEqual(counts({ total: 12, succeeded: 10, failed: 2 }));
    const { code, stdout } = await app.run('import', '--retry', '@last', '-o', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ rows: { total: 2, failed: 2 }, failures: refused });
    const results = (await app.rows('import_tmp')).map(({ result }) => result as Record<string, number>);
    expect(results.map(({ total, succeeded, failed }) => [total, succeeded, failed])).toEqual([
      [12, 10, 2],
      [2, 0, 2],
    ]);
  });

  material.test('rows are stored and the record says FAILED: so does the import', async () => {
    const app = await startStandIn('import-production-resultwriterfailed', {
      dev: ['--template', material.path('framework-run/template/infra/dev-shop-infra.template.json')],
      machines: { command: 'dev-shop-command-handler', import: 'dev-shop-import-csv-handler' },
    });
    app.write('good8.csv', csvOf(app.recording));
    const { code, stdout } = await app.run('import', 'good8.csv', ...order);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}status +FAILED$/m);
    expect(stdout).toMatch(/^ {4}stored +8$/m);
    expect(stdout).toMatch(/job +FAILED: .*States\.ResultWriterFailed/);
    expect(await app.rows('product-data')).toHaveLength(8);
  });

  material.test('the framework’s local machine: what it never handed on is lost, and said', async () => {
    const app = await startStandIn('import-local-machine', { machines: { import: 'import-csv-local' } });
    const { definition } = JSON.parse(material.text('framework-run/template/machines/import-csv.json'));
    await app.sfn.send(
      new CreateStateMachineCommand({
        name: 'import-csv-local',
        definition: JSON.stringify(definition),
        roleArn: 'arn:aws:iam::101010101010:role/DummyRole',
      }),
    );
    app.write('good12.csv', csvOf(app.recording));
    const { code, result } = await importing(app, 'good12.csv');
    expect(code).toBe(1);
    expect(result.rows).toEqual(counts({ total: 12, succeeded: 10, failed: 2 }));
    expect(result.failures).toEqual([
      { firstLine: 12, lastLine: 13, failed: 2, reason: 'the state machine never passed it to the function' },
    ]);
    expect(result).toMatchObject({ status: 'FAILED', job: { status: 'FAILED' } });
  });
});
