import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { roleWorld } from '../cli/shell/role.js';
import { commands } from '../cli/world.js';

interface Schema {
  type?: string | string[];
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema;
}

/** What is wrong with a value; a field that the schema does not name is wrong too. */
function faults(schema: Schema, value: unknown, path = '$'): string[] {
  if (Object.keys(schema).every((key) => key === 'description')) return [];
  if (schema.anyOf) {
    const all = schema.anyOf.map((one) => faults(one, value, path));
    return all.find((one) => one.length === 0) ?? all.sort((a, b) => a.length - b.length)[0] ?? [];
  }
  if (schema.enum)
    return schema.enum.includes(value)
      ? []
      : [`${path}: ${JSON.stringify(value)} is none of ${schema.enum.join()}`];
  if ('const' in schema) return schema.const === value ? [] : [`${path} is not ${String(schema.const)}`];
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  if (schema.type !== undefined && ![schema.type].flat().includes(type))
    return [`${path} is ${type} and should be ${[schema.type].flat().join()}`];
  if (Array.isArray(value))
    return value.flatMap((one, index) =>
      schema.items ? faults(schema.items, one, `${path}[${index}]`) : [],
    );
  if (type !== 'object') return [];
  const members = value as Record<string, unknown>;
  const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(members, name));
  return [
    ...missing.map((name) => `${path}.${name} is missing`),
    ...Object.entries(members).flatMap(([name, one]) => {
      const known = schema.properties?.[name] ?? schema.additionalProperties;
      if (known) return faults(known, one, `${path}.${name}`);
      return schema.properties ? [`${path}.${name} is not described`] : [];
    }),
  ];
}

const read = (name: string): Schema =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../schemas/${name}.schema.json`), 'utf8')) as Schema;

/** Document and the line that prints it, in this order. */
const printed: [string, string][] = [
  ['start', 'start ask --input {"requestId":"r-1"} --name a1'],
  ['start', 'start ask --input {"requestId":"r-2"} --name a2'],
  ['start', 'start ask --input {"requestId":"r-3"} --name a3'],
  ['start', 'start ask --input {"requestId":"r-4"} --name a4'],
  ['show', 'start broken --name b1 --follow'],
  ['show', 'start called --name c1 --follow'],
  ['show', 'start many --input {"items":[1,2]} --name m1 --follow'],
  ['start-dry-run', 'start ask --input {"requestId":"r-9"} -n'],
  ['start-dry-run', 'rerun c1 -n'],
  ['start-each-dry-run', 'start called --each inputs.ndjson -n'],
  ['start-state-dry-run', 'start called --state Call -n'],
  ['start-each', 'start called --each inputs.ndjson'],
  ['start-state', 'start ask --state Done'],
  ['import-check', 'import --check goods.csv'],
  ['import-dry-run', 'import --dry-run goods.csv'],
  ['import', 'import goods.csv'],
  ['import', 'import other.csv'],
  ['import-retry-none', 'import --retry @last'],
  ['import-several', 'import other.csv goods.csv --again'],
  ['import-detached', 'import goods.csv --again --detach'],
  ['import-show-execution', 'import show @last'],
  ['import-show-execution', 'import show @last --failed-rows failed.csv'],
  ['task-start-dry-run', 'task start items.json -n'],
  ['task-start', 'task start items.json'],
  ['task-start', 'task start fine.json'],
  ['task-start-rerun-none', 'task start --rerun @last'],
  ['task-start-detached', 'task start items.json --again --detach'],
  ['task-list', 'task list'],
  ['list', 'list'],
  ['list-groups', 'list --failed --group'],
  ['show', 'show a1'],
  ['show', 'show b1'],
  ['show', 'watch m1'],
  ['history', 'history m1'],
  ['logs', 'logs c1'],
  ['machines', 'machines'],
  ['machines-one', 'machines ask'],
  ['stats', 'stats'],
  ['diff-definitions', 'diff ask broken'],
  ['diff-executions', 'diff b1 c1'],
  ['pending', 'pending'],
  ['graph', 'graph ask'],
  ['graph', 'graph m1'],
  ['top', 'top'],
  ['rehearse', 'rehearse c1'],
  ['lint', 'lint machine.asl.json'],
  ['lint-rules', 'lint --rules'],
  ['lint-explain', 'lint --explain MF001'],
  ['doctor', 'doctor'],
  ['doctor-policy', 'doctor --policy import'],
  ['trigger-dry-run', 'trigger stream dev-table row.json --function notify -n'],
  ['trigger', 'trigger stream dev-table row.json --function notify'],
  ['approve-dry-run', 'approve r-1 -n'],
  ['approve-several-dry-run', 'approve r-1 r-2 -n --yes'],
  ['approve', 'approve r-1'],
  ['approve-several', 'reject r-2 r-nothing --reason no --yes'],
  ['approve', 'heartbeat r-3'],
  ['stop-dry-run', 'stop a4 -n'],
  ['stop', 'stop a4'],
  ['redrive-plan', 'redrive a4 --plan'],
  ['redrive', 'redrive a4'],
  ['audit', 'audit'],
  ['test', 'test machine.flow.json'],
  ['test-record', 'test --record c1'],
  ['test-record', 'test --record c1 --dry-run'],
  ['ui-dry-run', 'ui -n'],
  ['dev-dry-run', 'dev --port 0 -n'],
  ['scaffold', 'scaffold machine orders --dry-run'],
  ['init', 'init --dry-run --force'],
  ['completion', 'completion bash'],
  ['completion-words', 'completion words start '],
  ['help', 'help start'],
  ['help', 'start --help'],
  ['version', '--version'],
  ['error', 'show nothing-of-this-name'],
];

test('what commands print is what their schemas say, and nothing else', async () => {
  const role = await roleWorld();
  const machine = {
    StartAt: 'A',
    States: {
      A: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Parameters: { FunctionName: 'f' },
        Next: 'B',
      },
      B: { Type: 'Pass', End: true },
    },
  };
  writeFileSync(join(role.cwd, 'machine.asl.json'), JSON.stringify(machine));
  const flow = {
    machine: './machine.asl.json',
    cases: [{ name: 'one', input: {}, answers: { A: { value: 1 } }, expect: { status: 'SUCCEEDED' } }],
  };
  writeFileSync(join(role.cwd, 'machine.flow.json'), JSON.stringify(flow));
  writeFileSync(join(role.cwd, 'fine.json'), '[{"a":1}]');
  writeFileSync(join(role.cwd, 'other.csv'), 'id,name\n7,g\n');
  writeFileSync(join(role.cwd, 'inputs.ndjson'), '{"n":1}\n{"n":2}\n');
  writeFileSync(
    join(role.cwd, 'package.json'),
    '{"name":"app","dependencies":{"@mbc-cqrs-serverless/core":"^1.2.0"}}',
  );
  for (const [name, line] of printed) {
    const { code, stdout, stderr } = await role.typed(line, ['-o', 'json']);
    const text = name === 'error' ? stderr : stdout;
    expect.soft(text, `${line}: ${code} ${stderr}`).toMatch(/^[{[]/);
    if (/^[{[]/.test(text)) expect.soft(faults(read(name), JSON.parse(text)), line).toEqual([]);
  }
});

test('every command has a document that is described', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/json.md'), 'utf8');
  const lines = page.split('\n').filter((line) => line.startsWith('`mbc-flow '));
  const described = new Set(lines.join(' ').split(/[^a-z-]+/));
  // It runs until it is left, and tells in words what to type.
  described.add('demo');
  const without = commands.filter(({ name }) => !name.split(' ').every((word) => described.has(word)));
  expect(without.map(({ name }) => name)).toEqual([]);
});
