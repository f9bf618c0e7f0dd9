import { expect } from 'vitest';
import { type DevServer, runCli, startCli, startDev } from '../e2e/cli.js';
import { material } from '../shared.js';
import { startStandIn } from '../stand-in/application.js';
import { zipOf } from '../stand-in/zip-file.js';
import { count, randomNumbers, seed } from './seed.js';

const rounds = count(20, 2);

material.describe('the recorded ZIP with one bad row, on the app’s own tables and queues', () => {
  const random = randomNumbers(seed);
  let longest = 0;
  // The first round is not broken off: it shows how long one takes.
  for (let round = 0; round <= rounds; round++) {
    const moment = random();
    const victims = (['dev', 'client', 'both'] as const)[Math.floor(random() * 3)];
    material.test(
      `round ${round}: ${victims} killed, the same line again: nothing lost, nothing twice`,
      async () => {
        let dev: DevServer | undefined;
        const app = await startStandIn('zip-bad', {
          // What a killed server was being handed comes again after this.
          queueAttributes: { VisibilityTimeout: '5' },
          async serve({ cwd, env, words }) {
            dev = await startDev({ cwd, env, args: words });
            return { endpoint: dev.endpoint, stop: async () => dev?.kill() };
          },
        });
        const files = [...app.recording.objects].filter(([key]) => key.startsWith('csv-imports/'));
        app.write(
          'x.zip',
          zipOf(files.map(([key, text]) => ({ name: key.slice(key.lastIndexOf('/') + 1), text }))),
        );
        const line = ['import', 'x.zip', '--tenant', 't1', '-o', 'json', '--timeout', '60'];
        const here = { cwd: app.cwd, env: app.env };
        const began = performance.now();
        const first = startCli(line, here);
        const after = moment * longest;
        let how = `${victims} killed after ${Math.round(after)} of ${Math.round(longest)} ms`;
        if (round > 0) {
          await new Promise((resolve) => setTimeout(resolve, after));
          if (victims !== 'client') await dev?.kill('SIGKILL');
          if (victims !== 'dev') first.child.kill('SIGKILL');
        }
        let ran = await first.done;
        if (round === 0) longest = performance.now() - began;
        // Exit 1 with a result is the outcome: one row is refused. Exit 5 tells that it is known already.
        for (
          let more = 0;
          more < 3 && ran.exitCode !== 5 && !(ran.exitCode === 1 && ran.stdout !== '');
          more++
        ) {
          how += `: ${ran.exitCode} ${ran.stderr.slice(0, 300)}`;
          ran = await runCli(line, here);
        }
        expect([1, 5], `${how}: ${ran.stderr}`).toContain(ran.exitCode);
        const rows = (await app.rows('product-data')).map(({ sk }) => sk);
        expect([rows.length, new Set(rows).size], how).toEqual([8, 8]);
        const jobs = (await app.rows('import_tmp')).filter(({ pk }) => /^(ZIP|CSV)_IMPORT#/.test(String(pk)));
        const counted = jobs.map(({ pk, status, result }) => [String(pk).slice(0, 3), status, result]);
        expect(
          counted.filter(([kind]) => kind === 'ZIP'),
          how,
        ).toMatchObject([['ZIP', 'FAILED', { totalRows: 9, processedRows: 8, failedRows: 1 }]]);
        expect(
          counted.filter(([kind]) => kind === 'CSV'),
          how,
        ).toHaveLength(3);
      },
    );
  }
});
