import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { type CliResult, type RunningCli, runCli, startCli, startDev, workDirectory } from '../e2e/cli.js';

const stateMachineArn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:quick';

interface Result {
  index: number;
  executionArn: string;
  status: string;
  output: string;
  former: boolean;
}

export interface Outcome {
  /** ARNs of the executions that were there after each kill; what was still on its way to the server is not. */
  atKills: string[][];
  last: CliResult;
  results: Result[];
  lines: string[];
  /** ARNs of all executions that the server has. */
  started: string[];
}

/** Requests that are on their way at once. */
export const parallel = 20;

/**
 * Starts an execution for each of so many inputs (equal ones among them) by `start --each`, which is killed with
 * SIGKILL `kills` times after some results that `random` chooses, and then left to its end. Its heap is small, so that
 * it can't hold what it reads.
 */
export async function eachUnderFire(count: number, kills: number, random: () => number): Promise<Outcome> {
  const cwd = workDirectory();
  writeFileSync(join(cwd, 'quick.json'), '{"StartAt":"p","States":{"p":{"Type":"Pass","End":true}}}');
  writeFileSync(join(cwd, 'mbc-flow.json'), '{"local":{"machines":{"quick":"./quick.json"}}}');
  const lines = Array.from({ length: count }, () =>
    JSON.stringify({ n: Math.floor(random() * count), 注文: 'x'.repeat(Math.floor(random() * 400)) }),
  );
  writeFileSync(join(cwd, 'in.ndjson'), [...lines, lines[0], lines[0]].join('\n'));
  const dev = await startDev({ cwd });
  const sfn = new SFNClient({
    endpoint: dev.endpoint,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const args = [
    'start',
    'quick',
    '--each',
    'in.ndjson',
    '--follow',
    '--parallel',
    String(parallel),
    '-o',
    'ndjson',
  ];
  const env = { NODE_OPTIONS: '--max-old-space-size=64' };
  const atKills: string[][] = [];
  for (let kill = 1; kill <= kills; kill++) {
    const killed = startCli(args, { cwd, env });
    const part = Math.floor((count * (kill - 1 + random())) / (kills + 1));
    await resultsOf(killed, Math.max(part, 1));
    killed.child.kill('SIGKILL');
    await killed.done;
    atKills.push(await executionsOf(sfn));
  }
  const last = await runCli(args, { cwd, env });
  const results = last.stdout
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Result]));
  const started = await executionsOf(sfn);
  await dev.kill();
  return { atKills, last, results, lines: [...lines, lines[0] ?? '', lines[0] ?? ''], started };
}

/** Resolves when so many results are printed. */
async function resultsOf(cli: RunningCli, wanted: number): Promise<void> {
  let seen = 0;
  await new Promise<void>((resolve) => {
    cli.child.stdout?.on('data', (text: string) => {
      seen += text.split('\n').length - 1;
      if (seen >= wanted) resolve();
    });
    cli.child.once('close', () => resolve());
  });
}

async function executionsOf(sfn: SFNClient): Promise<string[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1000, nextToken }));
    arns.push(...(page.executions ?? []).map(({ executionArn = '' }) => executionArn));
    ({ nextToken } = page);
  } while (nextToken);
  return arns;
}
