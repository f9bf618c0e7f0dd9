import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../../src/json/json.js';
import { type PausedWorld, pausedWorld, until } from '../cli/answer/paused-machines.js';
import { zipOf } from '../stand-in/zip-file.js';

const approvalFolder = join(import.meta.dirname, '../../examples/approval');

const called: JsonObject = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'charge', 'Payload.$': '$' },
};
const charge: JsonObject = { ...called, End: true };
const order: JsonObject = {
  StartAt: 'Charge',
  States: {
    Charge: { ...called, Next: 'Decide' },
    Decide: {
      Type: 'Choice',
      Choices: [{ Variable: '$.approval.approved', IsPresent: true, Next: 'Done' }],
      Default: 'Done',
    },
    Done: { Type: 'Succeed' },
  },
};
const changed: JsonObject = {
  StartAt: 'Charge',
  States: { Charge: { ...called, Next: 'New' }, New: charge },
};
const command = { pk: 'SAMPLE#t1', sk: 'A001@1', version: 1, tenantCode: 't1', attributes: { total: 1 } };
const waits: JsonObject = {
  ...charge,
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: {
    FunctionName: 'ask-for-approval',
    Payload: { 'input.$': '$', 'taskToken.$': '$$.Task.Token' },
  },
};
const template = (name: string, definition: JsonObject) => ({
  Resources: {
    One: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { StateMachineName: name, DefinitionString: JSON.stringify(definition) },
    },
  },
});

const approval = JSON.parse(readFileSync(join(approvalFolder, 'approval.asl.json'), 'utf8')) as JsonObject;
const yaml = `StartAt: A\nStates:\n  A: { Type: Succeed }\n`;

/** Each file that an example names. */
const files: Record<string, string | Uint8Array> = {
  'products.csv': 'id,name\n1,pear\n2,apple\n',
  'customers.csv': 'id,name\n1,Alice\n',
  '商品.csv': 'id,name\n1,梨\n',
  'your.csv': 'id,name\n1,x\n',
  '20260101.zip': zipOf([{ name: '20260101093000-products.csv', text: 'id,name\n1,pear\n' }]),
  'items.json': JSON.stringify([{ id: 1 }, { id: 2, fail: 'no stock' }]),
  'items.csv': 'id\n1\n2\n',
  'orders.ndjson': '{"id":1}\n{"id":2}\n',
  'inputs.ndjson': '{"id":1}\n',
  'command.json': JSON.stringify(command),
  'message.json': JSON.stringify({ action: 'task-execute' }),
  'ids.txt': 'r-1\n',
  'token.txt': 'none\n',
  'infra/approval.asl.json': JSON.stringify(approval),
  'infra/approval.asl.yaml': yaml,
  'approval.asl.json': JSON.stringify(approval),
  'billing.asl.json': JSON.stringify({ StartAt: 'Bill', States: { Bill: charge } }),
  'infra/order.asl.json': JSON.stringify(order),
  'handover.asl.json': JSON.stringify({ StartAt: 'Wait', States: { Wait: waits } }),
  'b.asl.json': JSON.stringify(changed),
  'cdk.out/app.template.json': JSON.stringify(template('approval', approval)),
  'cdk.out/App.template.json': JSON.stringify(template('order', order)),
  'infra-local/serverless.yml':
    'service: shop\nprovider: { name: aws }\nstepFunctions:\n  stateMachines:\n    one: { name: one, definition: { StartAt: A, States: { A: { Type: Succeed } } } }\n',
  'dist/main.js': 'exports.handler = async () => ({});\n',
  'src/main.ts': 'export const handler = async () => ({});\n',
  'edit.mjs':
    "import { writeFileSync } from 'node:fs'; writeFileSync(process.argv.at(-1), '{\"edited\":true}');",
  'functions.mjs':
    "export const charge = async (event) => { if (event.fail) throw new Error('card refused'); return { paid: true }; };\nexport const ask = async () => ({});\n",
};

export type Kind = 'paused' | 'failed' | 'succeeded' | 'import' | 'batch' | 'handover';

export interface ExampleWorld extends PausedWorld {
  /** Where no server runs, and no function is configured. */
  fresh: string;
  /** An application of the framework. */
  app: string;
  /** Names that are made of what is in a file, by those that the examples use instead. */
  named: ReadonlyMap<string, string>;
  /** `@last` is an execution of this kind from now on, and nothing else waits. */
  last(kind: Kind): Promise<void>;
  /** The files of examples have content that was never imported or run. */
  renew(): void;
}

function writeFiles(cwd: string): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), content);
  }
  cpSync(join(approvalFolder, 'approval.flow.yaml'), join(cwd, 'approval.flow.yaml'));
}

const local = {
  functions: { charge: './functions.charge', 'ask-for-approval': './functions.ask' },
  machines: {
    approval: './infra/approval.asl.json',
    order: './infra/order.asl.json',
    sync: './infra/order.asl.json',
    handover: './handover.asl.json',
  },
};

/** Everything that an example of the help names, in this folder, on a server of its own. */
export async function exampleWorld(
  cwd: string,
  whenOver: (stop: () => Promise<void>) => void,
): Promise<ExampleWorld> {
  const fresh = join(cwd, 'fresh');
  const app = join(cwd, 'app');
  for (const folder of [cwd, fresh, app]) writeFiles(folder);
  writeFileSync(join(fresh, 'mbc-flow.json'), '{}');
  writeFileSync(join(fresh, '.env'), 'LOCAL_SFN_PORT=0\nLOCAL_S3_PORT=0\n');
  writeFileSync(
    join(app, 'package.json'),
    '{"name":"shop","dependencies":{"@mbc-cqrs-serverless/core":"1.0.0"}}',
  );
  writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ local }));
  const world = await pausedWorld({ cwd }, [], whenOver);
  const target = { endpointUrl: world.endpoint, region: 'ap-northeast-1', tenant: 't1' };
  writeFileSync(
    join(cwd, 'mbc-flow.json'),
    JSON.stringify({ targets: { dev: target, prod: target }, local }),
  );
  const made = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await world.run(...args);
    if (code > 1) throw new Error(`${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  await made('start', 'order', '--name', 'order-42', '--input', '{"id":42}', '--follow', '-q');
  await made('start', 'order', '--name', 'import-2026-01', '--input', '{}', '--follow', '-q');
  await made('start', 'command', '--input', '{}', '--no-check', '--follow', '-q');
  const history = await made('history', 'order-42', '-o', 'json');
  for (const name of ['history.json', 'run.json']) writeFileSync(join(cwd, name), history);
  const { batch } = JSON.parse(await made('task', 'start', 'items.json', '-o', 'json')) as { batch: string };
  let content = 0;
  const renew = (): void => {
    content++;
    for (const folder of [cwd, fresh]) {
      writeFileSync(join(folder, 'products.csv'), `id,name\n1,pear ${content}\n`);
      writeFileSync(join(folder, 'items.json'), JSON.stringify([{ id: content }]));
    }
  };
  return {
    ...world,
    fresh,
    app,
    named: new Map([['items-1f0c2d9a3b4e5f60', batch]]),
    renew,
    async last(kind) {
      const open = JSON.parse(await made('pending', '-o', 'json')).pending as { executionArn: string }[];
      for (const { executionArn } of open) await made('stop', executionArn, '-q');
      renew();
      if (kind === 'paused' || kind === 'handover') {
        const machine = kind === 'paused' ? 'approval' : 'handover';
        const input = JSON.stringify({ requestId: 'r-1', department: 'sales' });
        const { executionArn } = JSON.parse(await made('start', machine, '--input', input, '-o', 'json'));
        await until(world, executionArn, 'TaskSubmitted');
      } else if (kind === 'import') await made('import', 'products.csv', '-q');
      else if (kind === 'batch') await made('task', 'start', 'items.json', '-q');
      else {
        const input = kind === 'failed' ? '{"fail":true}' : '{"requestId":"r-20260131-7"}';
        await made('start', 'order', '--input', input, '--follow', '-q');
      }
    },
  };
}
