import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeStateMachineCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import { startFaultProxy } from '../../fault-proxy.js';
import { startServer } from '../../local/harness.js';
import { directory, run } from '../world.js';

/** As the framework's handler: it says how many rows failed, and logs which and why. */
const handler = (log: string): string => `
export const handler = async ({ input }) => {
  if (!input.Items) return [[{}]];
  let failedRows = 0;
  for (const [index, item] of input.Items.entries()) {
    if (item.id !== '') continue;
    failedRows++;
    const error = 'id は必須です';
    ${log}
  }
  const totalRows = input.Items.length;
  return [[{ totalRows, succeededRows: totalRows - failedRows, failedRows }]];
};`;

const ways = {
  'two lines of objects': `
    const context = { context: 'CsvImportSfnEventHandler', requestId: '(an id)' };
    console.warn({ ...context, message: \`Row \${index + 1} failed transform/validate.\` });
    console.warn({ ...context, message: { item, error } });`,
  'one line of JSON, counted from 0': `
    console.warn(JSON.stringify({ level: 'WARN', message: \`Row \${index} failed transform/validate.\`, item, error }));`,
  nothing: '',
};

const rows = Array.from({ length: 250 }, (_, n) => (n % 60 === 33 ? `,v${n}` : `${n},v${n}`));

async function setUp(log: string) {
  const base = directory();
  writeFileSync(join(base, 'main.mjs'), handler(log));
  writeFileSync(join(base, 'rows.csv'), `id,v\n${rows.join('\n')}\n`);
  const server = await startServer({ functions: { '*': './main.handler' }, functionsBase: base });
  const importRows = async (endpoint = server.endpoint) => {
    const { code, stdout } = await run(['import', 'rows.csv', '--endpoint-url', endpoint, '-o', 'json'], {
      cwd: base,
    });
    expect(code).toBe(1);
    const { failures, rows: counts } = JSON.parse(stdout);
    expect(counts).toMatchObject({ total: 250, failed: 4, unknown: 0 });
    return failures;
  };
  return { server, importRows };
}

const notTold = 'the function did not say which rows or why';
const ranges = [
  { firstLine: 2, lastLine: 101, failed: 2 },
  { firstLine: 102, lastLine: 201, failed: 1 },
  { firstLine: 202, lastLine: 251, failed: 1 },
];

test('EXPRESS children: what was refused is told by the rows that the log holds', async () => {
  const { server, importRows } = await setUp(ways['one line of JSON, counted from 0']);
  const stateMachineArn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:import-csv';
  const { definition = '' } = await server.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const machine = JSON.parse(definition);
  const { ResultWriter: _, ...map } = machine.States['import-csv'];
  map.ItemProcessor.ProcessorConfig.ExecutionType = 'EXPRESS';
  machine.States['import-csv'] = { ...map, ResultPath: '$.processingResults' };
  await server.sfn.send(
    new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(machine) }),
  );
  expect(await importRows()).toEqual([35, 95, 155, 215].map((line) => ({ line, reason: 'id は必須です' })));
});

describe('a function that logs what its reply leaves out', () => {
  test.each(Object.entries(ways).slice(0, 2))(
    '%s: the rows and reasons are read from its log',
    async (_, log) => {
      const { importRows } = await setUp(log);
      expect(await importRows()).toEqual(
        [35, 95, 155, 215].map((line) => ({ line, reason: 'id は必須です' })),
      );
    },
  );

  test('where the log says nothing: the range of lines, and that it was read', async () => {
    const { importRows } = await setUp(ways.nothing);
    expect(await importRows()).toEqual(
      ranges.map((range) => ({ ...range, reason: `${notTold}, and neither does its log` })),
    );
  });

  test('where the log may not be read: the range of lines, and why', async () => {
    const { server, importRows } = await setUp(ways['two lines of objects']);
    const proxy = await startFaultProxy(server.endpoint, ({ operation }) =>
      operation === 'FilterLogEvents' ? { status: 400, code: 'AccessDeniedException' } : undefined,
    );
    const failures = await importRows(proxy.endpoint);
    expect(failures).toMatchObject(ranges);
    for (const { reason } of failures) expect(reason).toMatch(/^the function .* its log could not be read: /);
    expect(proxy.seen.filter(({ operation }) => operation === 'FilterLogEvents')).toHaveLength(1);
  });
});
