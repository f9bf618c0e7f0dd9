import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { runCli, startCli, startDev, workDirectory } from './cli.js';

const inputs = 200;

/** Names of all executions of the machine, as the SDK sees them. */
async function startedOf(endpoint: string): Promise<string[]> {
  const client = new SFNClient({
    endpoint,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const stateMachineArn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:quick';
  const names: string[] = [];
  for (let nextToken: string | undefined; ; ) {
    const page = await client.send(
      new ListExecutionsCommand({ stateMachineArn, maxResults: 1000, nextToken }),
    );
    names.push(...(page.executions ?? []).map(({ name = '' }) => name));
    nextToken = page.nextToken;
    if (nextToken === undefined) return names;
  }
}

test('start --each killed three times in the middle: the same line again, and each input ran once', async () => {
  const cwd = workDirectory();
  writeFileSync(join(cwd, 'quick.json'), '{"StartAt":"p","States":{"p":{"Type":"Pass","End":true}}}');
  writeFileSync(join(cwd, 'mbc-flow.json'), '{"local":{"machines":{"quick":"./quick.json"}}}');
  const lines = Array.from({ length: inputs }, (_, n) => JSON.stringify({ n: n % 100, some: '入力' }));
  writeFileSync(join(cwd, 'in.ndjson'), lines.join('\n'));
  const dev = await startDev({ cwd });
  const args = ['start', 'quick', '--each', 'in.ndjson', '--follow', '-o', 'ndjson'];
  let before = 0;
  for (const part of [20, 80, 140]) {
    const killed = startCli(args, { cwd });
    await killed.waitFor(new RegExp(`"index":${part},`));
    killed.child.kill('SIGKILL');
    expect((await killed.done).exitCode).toBe(137);
    const { length } = await startedOf(dev.endpoint);
    expect(length).toBeGreaterThan(before);
    expect(length).toBeLessThan(inputs);
    before = length;
  }
  const { exitCode, stdout, stderr } = await runCli(args, { cwd });
  expect(exitCode, stderr).toBe(0);
  const results = stdout
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as { index: number; name: string; status: string; output: string; former: boolean },
    );
  expect(results.map(({ index }) => index).sort((a, b) => a - b)).toEqual(lines.map((_, index) => index));
  for (const { index, status, output } of results)
    expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: lines[index] });
  expect(results.filter(({ former }) => former).length).toBeGreaterThanOrEqual(140);
  const names = await startedOf(dev.endpoint);
  expect(names.length).toBe(inputs);
  expect(new Set(names)).toEqual(new Set(results.map(({ name }) => name)));
});
