// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation and the Serverless Framework write so
import { join } from 'node:path';
import { zipOf } from '../stand-in/zip-file.js';

export interface Row {
  /** After `mbc-flow`; quotes as in a shell. */
  line: string;
  code?: number;
  /** Something telling of what it prints. */
  says: RegExp;
  /** It runs until it is told to stop, which it is when it says that. */
  stays?: true;
  /** Folder below that of the input files. */
  within?: string;
  /** Run by the installed launcher instead of in this process. */
  launched?: true;
}

const sum = {
  StartAt: 'Sum',
  States: { Sum: { Type: 'Pass', Result: 6, Next: 'Done' }, Done: { Type: 'Succeed' } },
};
const sumInYaml =
  'StartAt: Sum\nStates:\n  Sum: { Type: Pass, Result: 6, Next: Done }\n  Done: { Type: Succeed }\n';
const machine = (name: string, properties: object) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: { StateMachineName: name, ...properties },
});
const command = {
  pk: 'ORDER#t1',
  sk: 'A@1',
  version: 1,
  tenantCode: 't1',
  code: 'A',
  attributes: { total: 1 },
};
const lines = (...values: unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** Machines of the local server that the rows run on: what they do needs Lambda, JSONata, SQS's mocks. */
const serverless = `service: shop
provider: { name: aws, stage: "\${opt:stage, 'dev'}" }
functions: { pay: { handler: pay.handler, name: pay } }
stepFunctions:
  stateMachines:
    paid:
      name: paid
      definition:
        QueryLanguage: JSONata
        StartAt: Pay
        States:
          Pay: { Type: Task, Resource: !GetAtt pay.Arn, Arguments: { yen: "{% $sum($states.input.prices) %}" }, End: true }
    sent:
      name: sent
      definition:
        StartAt: Send
        States:
          Send: { Type: Task, Resource: "arn:aws:states:::sqs:sendMessage", Parameters: { QueueUrl: q, MessageBody: x }, End: true }
    broken:
      name: broken
      definition:
        StartAt: Break
        States:
          Break: { Type: Fail, Error: Broken, Cause: on purpose }
`;

/** Each kind of file that a command takes. `home`: where the package was installed. */
export const inputFiles = (home: string): Record<string, string | Uint8Array> => ({
  'mbc-flow.json': JSON.stringify({
    local: {
      machines: {
        approval: join(home, 'examples/approval/approval.asl.json'),
        'sum-in-yaml': './sum.asl.yaml',
      },
      functions: { 'ask-for-approval': join(home, 'examples/approval/ask-for-approval.mjs') },
    },
  }),
  'plain/mbc-flow.json': '{}',
  'fresh/package.json': '{"name":"fresh"}',
  'fresh/infra/sum.asl.json': JSON.stringify(sum),
  'fresh/infra/total.asl.yaml': sumInYaml,
  'pay.mjs': 'export const handler = async ({ yen }) => ({ paid: `${yen} yen` });\n',
  'serverless.yml': serverless,
  'mocks.json': JSON.stringify({
    StateMachines: { sent: { TestCases: { Happy: { Send: 'Sent' } } } },
    MockedResponses: { Sent: { '0': { Return: { MessageId: 'message-7' } } } },
  }),
  // A ZIP archive that has one empty file.
  'archive.zip': Buffer.from(
    'UEsDBAoAAAAAAAAAIQAAAAAAAAAAAAAAAAABAAAAYVBLAQIKAAoAAAAAAAAAIQAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAABhUEsFBgAAAAABAAEALwAAAB8AAAAAAA==',
    'base64',
  ),
  'products.zip': zipOf([{ name: '20260101093000-products.csv', text: 'name,price\npear,200\n' }]),
  'products.csv': 'name,price\nりんご,100\npear,200\n',
  // Shift_JIS: りんご
  'sjis.csv': Buffer.concat([
    Buffer.from('name;price\n'),
    Buffer.from('82e882f182b2', 'hex'),
    Buffer.from(';100\n'),
  ]),
  'items.json': JSON.stringify([{ itemId: 'a' }, { itemId: 'b' }]),
  'items.ndjson': lines({ itemId: 'c' }, { itemId: 'd' }),
  'items.csv': 'itemId,quantity\ne,1\nf,2\n',
  'prices.json': '{"prices":[40,2]}',
  'prices.ndjson': lines({ prices: [1] }, { prices: [2, 3] }),
  'requests.ndjson': lines(...Array.from({ length: 11 }, (_, at) => ({ requestId: `r-${at + 1}` }))),
  'answers.yaml': 'Send: { value: { MessageId: sent-1 } }\n',
  'yes.json': '{"approved":true}',
  ...Object.fromEntries([2, 5, 7, 9, 11].map((number) => [`ids-${number}.txt`, `r-${number}\n`])),
  'sum.asl.json': JSON.stringify(sum),
  'sum.asl.yaml': sumInYaml,
  'sum.flow.yaml':
    'machine: ./sum.asl.yaml\ncases:\n  - { name: six, input: {}, expect: { output: 6, path: [Sum, Done] } }\n',
  'sum.flow.json': JSON.stringify({
    machine: './sum.asl.json',
    cases: [{ name: 'seven', input: {}, expect: { output: 7 } }],
  }),
  'template.json': JSON.stringify({
    Resources: { Json: machine('in-json', { DefinitionString: JSON.stringify(sum) }) },
  }),
  'template.yaml': `Resources:
  Yaml:
    Type: AWS::StepFunctions::StateMachine
    Properties: { StateMachineName: !Sub "in-\${AWS::Region}", DefinitionString: !Sub '${JSON.stringify(sum)}' }
`,
  'sam.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  Sam: { Type: AWS::Serverless::StateMachine, Properties: { Name: in-sam, DefinitionUri: sum.asl.yaml } }
`,
  'row.json': JSON.stringify(command),
  'old.json': JSON.stringify({ ...command, version: 0 }),
  'rows.ndjson': lines({ ...command, sk: 'B@1' }, { ...command, sk: 'C@1' }),
  'message.json': '{"action":"ship"}',
  'app/package.json': '{"name":"app","dependencies":{"@mbc-cqrs-serverless/core":"^1.2.0"}}',
  'app/src/order.factory.ts': '@EventFactory()\nexport class Factory {\n}\n',
  'packaged/package.json': '{"name":"app","mbc-flow":{"targets":{"stage":{"region":"eu-west-1"}}}}',
});

const ready = /"ready":true/;
const zip = (...args: string[]): Row[] =>
  args.map((line) => ({ line, code: 2, says: /this is a ZIP archive: unpack it first/ }));

const within = (folder: string, list: Row[]): Row[] => list.map((row) => ({ ...row, within: folder }));

/** By command: at least one line for each kind of input that it takes. */
export const rows: Record<string, Row[]> = {
  import: [
    { line: 'import products.csv --failed-rows failed.csv', says: /2 rows/, launched: true },
    { line: 'import sjis.csv --check', says: /shift_jis, semicolon[\s\S]*Shift_JIS/ },
    { line: 'import products.zip', says: /products\.zip!\/20260101093000-products\.csv[\s\S]*SUCCEEDED/ },
    { line: 'import archive.zip', code: 2, says: /not a CSV file[\s\S]*archive\.zip!\/a/ },
  ],
  'import list': [{ line: 'import list --tenant t1', says: /No app with tables/ }],
  'import show': [
    { line: 'import show CSV_IMPORT#t1#a#b', code: 2, says: /prefix of the DynamoDB tables/ },
    { line: 'import show import-csv@last --failed-rows late.csv', says: /failed +0/ },
  ],
  'task start': [
    { line: 'task start items.json --results results.csv', says: /2 items/ },
    { line: 'task start items.ndjson', says: /2 items/ },
    { line: 'task start items.csv', says: /2 items/ },
    ...zip('task start archive.zip'),
  ],
  'task list': [{ line: 'task list', says: /items-/ }],
  'task show': [{ line: 'task show sfn-task@last', says: /2/ }],
  help: [{ line: 'help import', says: /Check a CSV/ }],
  watch: [
    { line: 'watch broken-1', code: 1, says: /on purpose/ },
    { line: 'watch --replay history.json --speed max', code: 1, says: /Broken/ },
    ...zip('watch --replay archive.zip'),
  ],
  show: [
    { line: 'show broken-1', says: /Broken[\s\S]*on purpose/ },
    { line: 'show --history history.json', says: /Broken[\s\S]*on purpose/ },
    ...zip('show --history archive.zip'),
  ],
  rehearse: [
    { line: 'rehearse broken-1', code: 1, says: /FAILED[\s\S]*the same way as then/ },
    { line: 'rehearse broken-1 --definition sum.asl.yaml --input @prices.json', says: /SUCCEEDED[\s\S]*Sum/ },
    {
      line: 'rehearse --history history.json --definition serverless.yml --machine broken',
      code: 1,
      says: /Break/,
    },
    {
      line: 'rehearse broken-1 --definition serverless.yml --machine sent --answer Send=@yes.json -o json',
      says: /"status":"SUCCEEDED"[\s\S]*approved/,
    },
    {
      line: 'rehearse broken-1 --definition serverless.yml --machine sent --answers answers.yaml',
      says: /SUCCEEDED[\s\S]*sent-1/,
    },
    ...zip(
      'rehearse --history archive.zip',
      'rehearse broken-1 --definition archive.zip',
      'rehearse broken-1 --answers archive.zip',
    ),
  ],
  history: [
    { line: 'history broken-1 --failed', says: /on purpose/ },
    { line: 'history --history history.json', says: /on purpose/ },
    ...zip('history --history archive.zip'),
  ],
  logs: [{ line: 'logs approval', says: /r-11 asks for/ }],
  list: [{ line: 'list broken', says: /broken-1/ }],
  graph: [
    { line: 'graph sum.asl.json', says: /Sum[\s\S]*Done/ },
    { line: 'graph sum.asl.yaml --format svg', says: /<svg[\s\S]*Sum/ },
    { line: 'graph template.json --format mermaid', says: /flowchart[\s\S]*Sum/ },
    { line: 'graph template.yaml', says: /Sum/ },
    { line: 'graph sam.yaml', says: /Sum/ },
    { line: 'graph serverless.yml --machine paid', says: /Pay/ },
    { line: 'graph serverless.yml --machine broken --history history.json', says: /Break/ },
    { line: 'graph broken-1', says: /Break/ },
    ...zip('graph archive.zip', 'graph sum.asl.json --history archive.zip'),
  ],
  start: [
    { line: 'start paid --input @prices.json --follow -o json', says: /42 yen/, launched: true },
    {
      line: 'start paid --each prices.ndjson --follow -o ndjson',
      says: /1 yen[\s\S]*5 yen|5 yen[\s\S]*1 yen/,
    },
    { line: 'start sent#Happy --follow -o json', says: /message-7/ },
    { line: 'start sum-in-yaml --follow -o json', says: /"output":"6"/ },
    ...zip('start paid --input @archive.zip', 'start paid --each archive.zip'),
  ],
  stop: [{ line: "stop endless --cause 'not needed' --yes", says: /^stopped/ }],
  redrive: [{ line: 'redrive broken-1 --plan', says: /Break/ }],
  rerun: [{ line: 'rerun broken-1 --follow', code: 1, says: /on purpose/ }],
  open: within('packaged', [
    {
      line: 'open arn:aws:states:eu-west-1:123456789012:execution:m:e --print --target stage',
      says: /^https:\/\/.*eu-west-1.*execution%3Am%3Ae$/m,
    },
  ]),
  pending: [{ line: 'pending', says: /r-1\b/ }],
  approve: [
    { line: 'approve r-1 --yes', says: /r-1/ },
    { line: 'approve --from ids-2.txt --yes', says: /1 of 1 answered/ },
    { line: 'approve r-3 --answer @yes.json --yes', says: /r-3/ },
    ...zip('approve --from archive.zip', 'approve r-3 --answer @archive.zip'),
  ],
  reject: [
    { line: 'reject r-4 --reason no --yes', says: /r-4/ },
    { line: 'reject --from ids-5.txt --reason no --yes', says: /1 of 1 answered/ },
    ...zip('reject --from archive.zip --reason no'),
  ],
  resume: [
    { line: 'resume r-6 --answer @yes.json --yes', says: /r-6/ },
    { line: 'resume --from ids-7.txt --answer @yes.json --yes', says: /1 of 1 answered/ },
    ...zip('resume --from archive.zip', 'resume r-6 --answer @archive.zip'),
  ],
  fail: [
    { line: 'fail r-8 --error Cancelled --yes', says: /r-8/ },
    { line: 'fail --from ids-9.txt --error Cancelled --yes', says: /1 of 1 answered/ },
    ...zip('fail --from archive.zip'),
  ],
  heartbeat: [
    { line: 'heartbeat r-10 --yes', says: /r-10/ },
    { line: 'heartbeat --from ids-11.txt --yes', says: /1 of 1/ },
    ...zip('heartbeat --from archive.zip'),
  ],
  audit: [{ line: 'audit', says: /approve[\s\S]*r-1\b/ }],
  'trigger stream': within('plain', [
    { line: 'trigger stream order-command ../row.json --follow', says: /check_version[\s\S]*success/ },
    { line: 'trigger stream order-command ../rows.ndjson', says: /B@1[\s\S]*C@1/ },
    {
      line: 'trigger stream order-command ../row.json --event MODIFY --old ../old.json --dry-run -o json',
      says: /OldImage/,
    },
    ...zip(
      'trigger stream order-command ../archive.zip',
      'trigger stream order-command ../row.json --old ../archive.zip',
    ),
  ]),
  'trigger queue': within('plain', [
    { line: 'trigger queue orders ../message.json', says: /answered/ },
    { line: 'trigger queue orders ../rows.ndjson --dry-run -o ndjson', says: /B@1[\s\S]*C@1/ },
    ...zip('trigger queue orders ../archive.zip'),
  ]),
  machines: [
    { line: 'machines', says: /sum-in-yaml/ },
    { line: 'machines broken', says: /starts at/ },
  ],
  stats: [{ line: 'stats broken', says: /STATE/ }],
  test: [
    { line: 'test sum.flow.yaml --coverage', says: /six[\s\S]*100/ },
    { line: 'test sum.flow.json', code: 1, says: /seven[\s\S]*sum\.flow\.json:1:/ },
  ],
  top: [{ line: 'top --plain', says: /broken/ }],
  ui: [{ line: 'ui --port 0', code: 143, says: /The mbc-flow UI for local/, stays: true }],
  diff: [{ line: 'diff broken broken', says: /no difference/ }],
  scaffold: within('app', [
    { line: 'scaffold app shop', says: /shop/ },
    ...['workflow', 'event', 'factory', 'service', 'machine', 'stack'].map((kind) => ({
      line: `scaffold ${kind} ${kind}-one`,
      says: new RegExp(`${kind}-one`),
    })),
    { line: 'scaffold handler from-json --from ../sum.asl.json', says: /from-json/ },
    { line: 'scaffold handler from-yaml --from ../sum.asl.yaml', says: /from-yaml/ },
    { line: 'scaffold handler from-template --from ../template.yaml', says: /from-template/ },
    { line: 'scaffold handler paid --from ../serverless.yml', says: /paid/ },
    ...zip('scaffold handler from-zip --from ../archive.zip'),
  ]),
  lint: [
    { line: 'lint sum.asl.json', says: /Nothing found in 1 file/, launched: true },
    { line: 'lint sum.asl.yaml', says: /Nothing found in 1 file/ },
    {
      line: 'lint template.json template.yaml sam.yaml',
      says: /template\.json[\s\S]*template\.yaml[\s\S]*sum\.asl\.yaml/,
    },
    { line: 'lint serverless.yml', says: /serverless\.yml:\d+:\d+/ },
    { line: 'lint app', says: /order\.factory\.ts.*MF101/ },
    ...zip('lint archive.zip'),
  ],
  doctor: [
    // A machine alone, scaffolded above, has no route yet.
    { line: 'doctor', code: 1, says: /routes machine-one[\s\S]*import-csv shape/ },
    { line: 'doctor --policy all', says: /states:SendTaskSuccess/ },
  ],
  init: within('fresh', [{ line: 'init --force --dry-run', says: /sum\.asl\.json[\s\S]*total\.asl\.yaml/ }]),
  dev: [
    ...['template.json', 'template.yaml', 'sam.yaml', 'serverless.yml'].map(
      (file): Row => ({
        line: `dev --port 0 -o json --data-dir of-${file} --template ${file}`,
        code: 143,
        says: ready,
        stays: true,
      }),
    ),
    ...zip('dev --data-dir none --template archive.zip', 'dev --data-dir none --mocks archive.zip'),
  ],
  demo: [{ line: 'demo --data-dir demo', says: /approve/ }],
  completion: [
    { line: 'completion bash', says: /complete/ },
    { line: "completion words start ''", says: /sum-in-yaml/ },
  ],
};
