import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DevServer, runCli, startDev, startInTerminal, workDirectory } from './cli.js';

const task = (functionName: string, integration: string, payload: object): object => ({
  Type: 'Task',
  Resource: `arn:aws:states:::lambda:${integration}`,
  Parameters: { FunctionName: functionName, Payload: payload },
});
const approval = {
  StartAt: '上長の承認を待つ',
  States: {
    上長の承認を待つ: {
      ...task('ask', 'invoke.waitForTaskToken', {
        'token.$': '$$.Task.Token',
        'requestId.$': '$.requestId',
        'order.$': '$.order',
      }),
      End: true,
    },
  },
};
const orders = {
  StartAt: '注文を出荷',
  States: {
    注文を出荷: {
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency: 200,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: '出荷',
        States: { 出荷: { ...task('ship', 'invoke', { 'n.$': '$' }), End: true } },
      },
      End: true,
    },
  },
};
const functionsFor = (cwd: string): string => `import { existsSync } from 'node:fs';
export const ask = async () => ({});
export const ship = async ({ n }) => {
  if (n % 30 === 7 && !existsSync(${JSON.stringify(join(cwd, 'stock'))})) throw new Error('在庫が足りません: ' + n);
  return {};
};`;

describe('top in a terminal', () => {
  const cwd = workDirectory();
  let server: DevServer;
  const top = (columns: number, rows: number) =>
    startInTerminal(['top', '--no-color', '--data-dir', server.dataDir], { cwd, columns, rows });
  const start = async (machine: string, input: object): Promise<void> => {
    const args = ['start', machine, '--input', JSON.stringify(input), '-q', '--data-dir', server.dataDir];
    expect(await runCli(args, { cwd })).toMatchObject({ exitCode: 0 });
  };

  beforeAll(async () => {
    writeFileSync(join(cwd, 'functions.mjs'), functionsFor(cwd));
    writeFileSync(join(cwd, 'approval.asl.json'), JSON.stringify(approval));
    writeFileSync(join(cwd, 'orders.asl.json'), JSON.stringify(orders));
    const local = {
      functions: { ask: './functions.ask', ship: './functions.ship' },
      machines: { approval: './approval.asl.json', orders: './orders.asl.json' },
    };
    writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ local }));
    server = await startDev({ cwd, dataDir: join(cwd, 'data') });
    await start('approval', { requestId: 'req-1', order: { 商品: '高価な机', amount: 120_000 } });
    await start('orders', { items: Array.from({ length: 200 }, (_, n) => n) });
  });

  test('a paused approval is seen, its payload read, and approved in three keys', async () => {
    const terminal = top(80, 24);
    await terminal.waitFor(/Paused 1/);
    terminal.type('2');
    await terminal.waitFor(/高価な机/);
    terminal.type('a');
    await terminal.waitFor(/Continue\? \[y\/N\]/);
    terminal.type('y');
    await terminal.waitFor(/req-1: approved/);
    terminal.type('q');
    expect((await terminal.done).exitCode).toBe(0);
  });

  test('of 200 items the failed one is found, its input and cause seen, redriven and seen to succeed in six keys', async () => {
    const terminal = top(100, 30);
    await terminal.waitFor(/✖ FAILED/);
    terminal.type('n');
    terminal.type('\r');
    await terminal.waitFor(/❯ +✖ 出荷/);
    terminal.type('i');
    await terminal.waitFor(/errorMessage[^\n]*在庫が足りません/);
    writeFileSync(join(cwd, 'stock'), '');
    terminal.type('R');
    await terminal.waitFor(/can be redriven/);
    terminal.type('y');
    await terminal.waitFor(/redriven /);
    terminal.type('1');
    await terminal.waitFor(/✔ SUCCEEDED/);
    terminal.type('q');
    expect((await terminal.done).exitCode).toBe(0);
  });

  test('a batch of tasks opens its items that failed, by reason, and its execution', async () => {
    writeFileSync(join(cwd, 'items.json'), JSON.stringify([{ n: 1 }, { n: 2 }]));
    const args = [
      'task',
      'start',
      'items.json',
      '--type',
      'mail',
      '--tenant',
      't1',
      '--data-dir',
      server.dataDir,
    ];
    expect(await runCli(args, { cwd })).toMatchObject({ exitCode: 0 });
    const terminal = top(100, 30);
    await terminal.waitFor(/1 Executions/);
    terminal.type('3');
    await terminal.waitFor(/❯ batch .*ENDED/);
    terminal.type('\r');
    await terminal.waitFor(/Imports › items\.json[\s\S]*succeeded +2[\s\S]*❯ .*-0001/);
    terminal.type('\r');
    await terminal.waitFor(/items\.json › \S+-0001[\s\S]*SUCCEEDED/);
    terminal.type('q');
    expect((await terminal.done).exitCode).toBe(0);
  });

  test('it follows a window that is resized to 60 × 16, and ? shows the keys of where one is', async () => {
    const terminal = top(120, 40);
    await terminal.waitFor(/1 Executions/);
    terminal.resize(60, 16);
    terminal.type('?');
    await terminal.waitFor(/what is in it/);
    terminal.type('q');
    terminal.type('q');
    expect((await terminal.done).exitCode).toBe(0);
  });

  test('--plain tells the lists in words; in a pipe once', async () => {
    const { stdout, exitCode } = await runCli(['top', '--plain', '--data-dir', server.dataDir], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/orders: 0 running, 0 paused/);
    expect(stdout).toMatch(/of orders: SUCCEEDED, started/);
  });

  test('what it carried itself pauses with it, and is said to', async () => {
    const terminal = startInTerminal(['top', '--no-color', '--data-dir', join(cwd, 'own')], {
      cwd,
      columns: 200,
      rows: 30,
    });
    await terminal.waitFor(/1 Executions/);
    terminal.type('q');
    await terminal.waitFor(
      /Running executions are saved on disk and pause\. Continue them with mbc-flow dev/,
    );
    await terminal.done;
  });
});
