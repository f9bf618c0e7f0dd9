import { expect } from 'vitest';
import { material } from '../shared.js';
import { startStandIn } from './application.js';
import { zipOf } from './zip-file.js';

/** The files of a recorded ZIP, as its objects have them. */
const filesOf = (objects: Map<string, string>) =>
  [...objects]
    .filter(([key]) => key.startsWith('csv-imports/'))
    .map(([key, text]) => ({ name: key.slice(key.lastIndexOf('/') + 1), text }));

material.describe('ZIPs of the framework, as its functions were recorded', () => {
  material.test('two files, all good: each followed to its data rows', async () => {
    const app = await startStandIn('zip-good');
    app.write('x.zip', zipOf(filesOf(app.recording.objects)));
    const { code, stdout, stderr } = await app.run('import', 'x.zip', '--tenant', 't1', '-o', 'json');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      status: 'SUCCEEDED',
      job: { status: 'COMPLETED' },
      imports: [
        { file: 'x.zip!/20261129000001-products.csv', table: 'products', rows: { total: 3, succeeded: 3 } },
        { file: 'x.zip!/20261129000002-products.csv', table: 'products', rows: { total: 2, succeeded: 2 } },
      ],
    });
    expect(await app.rows('product-data')).toHaveLength(5);
    const parent = await app.run('show', result.executionArn);
    expect(parent.stdout).toContain(`mbc-flow import show ${result.executionArn}`);
    const shown = await app.run('import', 'show', result.executionArn, '-o', 'json');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      kind: 'zip',
      status: 'COMPLETED',
      rows: { total: 5, succeeded: 5, failed: 0 },
      execution: { executionArn: result.executionArn, status: 'SUCCEEDED' },
      children: [
        { status: 'COMPLETED', source: result.job.id },
        { status: 'COMPLETED', source: result.job.id },
      ],
    });
  });

  material.test('one row of the second file refused: exit 1, named, and the third is imported', async () => {
    const app = await startStandIn('zip-bad');
    app.write('x.zip', zipOf(filesOf(app.recording.objects)));
    const { code, stdout } = await app.run('import', 'x.zip', '--tenant', 't1', '-o', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'FAILED',
      job: { status: 'FAILED' },
      imports: [
        { rows: { total: 3, succeeded: 3, failed: 0 } },
        {
          rows: { total: 4, succeeded: 3, failed: 1 },
          failures: [{ line: 3, reason: 'Bad Request Exception' }],
        },
        { rows: { total: 2, succeeded: 2, failed: 0 } },
      ],
    });
    expect(await app.rows('product-data')).toHaveLength(8);
  });
});
