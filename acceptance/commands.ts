import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Json, JsonObject } from '../src/json/json.js';
import type { Omit } from '../test/conformance/compare.js';
import { difference } from '../test/conformance/compare.js';
import { type Bound, maskedIn } from '../test/conformance/placeholders.js';
import { machine, single } from './cases/case.js';
import { failed, type Result, type Sides } from './differ.js';
import { type Ran, runBinary } from './process.js';
import { createMachine, logged, objects } from './provide.js';
import { recorder, renamed, withoutTokens } from './recording.js';
import { bucketOf, call, machineArn, type Side } from './side.js';
import { eachOf } from './take-down.js';

interface Step {
  id: string;
  /** Of the command line; texts in braces as in cases, {ID} the ARN of a machine of the group. */
  args: string[];
  /** Repeated until it is so: a log or a list comes after its time. */
  until?(documents: JsonObject[]): boolean;
  /** Before it, on each side. */
  before?(side: Side): Promise<unknown>;
}

interface Group {
  id: string;
  needs: string[];
  machines: { [id: string]: Json };
  type?: 'EXPRESS';
  steps: Step[];
}

const executionOf = (id: string, name: string): string =>
  `arn:aws:states:{region}:{account}:execution:{name}-${id}:${name}`;
const some = (member: string) => (documents: JsonObject[]) =>
  documents.some((document) => Array.isArray(document[member]) && document[member].length > 0);

const flow = executionOf('cli-flow', 'one');
const wait = executionOf('cli-wait', 'one');
const late = executionOf('cli-redrive', 'one');

const flowMachine = machine({
  Count: { Type: 'Pass', Parameters: { 'list.$': 'States.ArrayRange(1, $.n, 1)' }, Next: 'Items' },
  Items: {
    Type: 'Map',
    ItemsPath: '$.list',
    MaxConcurrency: 1,
    ItemProcessor: machine({ Item: { Type: 'Pass', End: true } }),
    Next: 'Done',
  },
  Done: { Type: 'Succeed' },
});

/** What users do, in groups that do not need each other. */
export const groups: Group[] = [
  {
    id: 'flow',
    needs: ['logs'],
    machines: { 'cli-flow': flowMachine },
    steps: [
      {
        id: 'start --follow',
        args: ['start', '{cli-flow}', '--input', '{"n":2}', '--name', 'one', '--follow'],
      },
      { id: 'start again', args: ['start', '{cli-flow}', '--input', '{"n":2}', '--name', 'one'] },
      { id: 'list', args: ['list', '{cli-flow}'], until: some('executions') },
      { id: 'show', args: ['show', flow] },
      { id: 'history', args: ['history', flow] },
      { id: 'watch', args: ['watch', flow] },
      {
        id: 'logs',
        args: ['logs', flow],
        until: (documents) => JSON.stringify(documents).includes('ExecutionSucceeded'),
      },
      { id: 'rerun', args: ['rerun', flow, '--name', 'two', '--follow'] },
      { id: 'show of none', args: ['show', executionOf('cli-flow', 'none')] },
    ],
  },
  {
    id: 'approval',
    needs: ['child'],
    machines: {
      'cli-approval': machine({
        Ask: {
          Type: 'Task',
          Resource: 'arn:aws:states:::states:startExecution.waitForTaskToken',
          Parameters: {
            StateMachineArn: '{child}',
            Input: { 'requestId.$': '$.requestId', 'taskToken.$': '$$.Task.Token' },
          },
          Next: 'Done',
        },
        Done: { Type: 'Succeed' },
      }),
    },
    steps: [
      { id: 'start', args: ['start', '{cli-approval}', '--input', '{"requestId":"r-1"}', '--name', 'one'] },
      { id: 'pending', args: ['pending', '{cli-approval}'], until: some('pending') },
      {
        id: 'approve',
        args: ['approve', 'r-1', '--machine', '{cli-approval}', '--comment', 'by the kit', '--yes'],
      },
      { id: 'watch', args: ['watch', executionOf('cli-approval', 'one')] },
      { id: 'approve again', args: ['approve', 'r-1', '--machine', '{cli-approval}', '--yes'] },
    ],
  },
  {
    id: 'stop',
    needs: [],
    machines: { 'cli-wait': single({ Type: 'Wait', Seconds: 300 }) },
    steps: [
      { id: 'start', args: ['start', '{cli-wait}', '--name', 'one'] },
      { id: 'stop', args: ['stop', wait, '--error', 'Kit', '--cause', 'over', '--yes'] },
      { id: 'show', args: ['show', wait] },
      { id: 'list --failed', args: ['list', '{cli-wait}', '--failed'], until: some('executions') },
    ],
  },
  {
    id: 'redrive',
    needs: ['bucket'],
    machines: {
      'cli-redrive': machine({
        Before: { Type: 'Pass', Next: 'Get' },
        Get: {
          Type: 'Task',
          Resource: 'arn:aws:states:::aws-sdk:s3:getObject',
          Parameters: { Bucket: '{bucket}', Key: 'late.txt' },
          ResultSelector: { 'body.$': '$.Body' },
          End: true,
        },
      }),
    },
    steps: [
      { id: 'start --follow', args: ['start', '{cli-redrive}', '--name', 'one', '--no-check', '--follow'] },
      { id: 'redrive --plan', args: ['redrive', late, '--plan'] },
      {
        id: 'redrive --follow',
        args: ['redrive', late, '--follow', '--yes'],
        before: (side) =>
          call(side, 's3.PutObject', () =>
            side.clients.s3.send(
              new PutObjectCommand({ Bucket: bucketOf(side), Key: 'late.txt', Body: 'here' }),
            ),
          ),
      },
      { id: 'history', args: ['history', late] },
    ],
  },
  {
    id: 'import',
    needs: ['bucket', 'function'],
    machines: {
      'cli-import-csv': single({
        Type: 'Map',
        Label: 'Import',
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
          Parameters: { 'Bucket.$': '$.bucket', 'Key.$': '$.key' },
        },
        ItemBatcher: { MaxItemsPerBatch: 2 },
        ItemProcessor: machine(
          {
            Rows: {
              Type: 'Task',
              Resource: 'arn:aws:states:::lambda:invoke',
              Parameters: { FunctionName: '{function:id_function}', 'Payload.$': '$' },
              OutputPath: '$.Payload',
              End: true,
            },
          },
          { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
        ),
      }),
    },
    steps: [
      { id: 'import --check', args: ['import', 'rows.csv', '--check'] },
      {
        id: 'import',
        args: ['import', 'rows.csv', '--table', 'rows', '--tenant', 't1', '--via', 'execution', '--yes'],
      },
      {
        id: 'import again',
        args: ['import', 'rows.csv', '--table', 'rows', '--tenant', 't1', '--via', 'execution', '--yes'],
      },
    ],
  },
  {
    id: 'express',
    needs: ['logs'],
    type: 'EXPRESS',
    machines: { 'cli-express': flowMachine },
    steps: [
      {
        id: 'logs of a machine',
        args: ['logs', '{cli-express}', '--since', '1h'],
        before: async (side) => {
          const stateMachineArn = machineArn(side, 'cli-express');
          await call(side, 'states.StartExecution', () =>
            side.clients.sfn.send(
              new StartExecutionCommand({ stateMachineArn, name: 'one', input: '{"n":1}' }),
            ),
          );
        },
        until: (documents) => JSON.stringify(documents).includes('ExecutionSucceeded'),
      },
    ],
  },
];

export interface Binary {
  root: string;
  env: NodeJS.ProcessEnv;
  /** Where commands leave their files. */
  scratch: string;
}

const atOnce = 3;
/** Lists and logs of AWS are behind what was done by seconds, at times by a minute. */
const PATIENCE_MS = 90_000;

/** Our commands on both sides: the same exit codes and documents. */
export async function runCommands(
  sides: Sides,
  binary: Binary,
  only: RegExp | undefined,
  told: (result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  const tell = (result: Result): void => {
    results.push(result);
    told(result);
  };
  await eachOf(
    groups.filter(({ id }) => !only || only.test(`command ${id}`)),
    (group) => runGroup(sides, binary, group, tell),
    atOnce,
  );
  return results;
}

async function runGroup(
  sides: Sides,
  binary: Binary,
  group: Group,
  tell: (result: Result) => void,
): Promise<void> {
  const lacking = group.needs.find((need) => !sides.target.has.has(need));
  const id = `command ${group.id}`;
  if (lacking) {
    tell({ id, verdict: 'left out', why: `needs a ${lacking} there`, masked: 0 });
    return;
  }
  const both = Object.entries(sides) as ['target' | 'embedded', Side][];
  try {
    for (const [which, side] of both) await settle(side, which, binary, group);
    for (const step of group.steps) {
      const [theirs, ours] = await Promise.all(
        both.map(([which, side]) => runStep(side, which, binary, group, step)),
      );
      if (!theirs || !ours) return;
      const result = stepResult(sides, `${id}: ${step.id}`, theirs, ours);
      tell(result);
      // What follows would only say the same again.
      if (result.verdict !== 'same' && theirs.code !== ours.code) return;
    }
  } catch (error) {
    sides.target.signal.throwIfAborted();
    tell(failed(id, error));
  }
}

const cwdOf = ({ scratch }: Binary, which: string, group: Group): string => join(scratch, which, group.id);

/** The machines of a group, and its folder with the config of a team that uses them. */
async function settle(side: Side, which: string, binary: Binary, group: Group): Promise<void> {
  const cwd = cwdOf(binary, which, group);
  mkdirSync(cwd, { recursive: true });
  for (const [id, definition] of Object.entries(group.machines))
    await createMachine(side, id, definition, { type: group.type, logs: logged.includes(id) });
  const target = {
    ...side.target,
    bucket: bucketOf(side),
    machines: { 'import-csv': `${side.name}-cli-import-csv` },
  };
  writeFileSync(
    join(cwd, 'mbc-flow.json'),
    JSON.stringify({ defaultTarget: 'kit', targets: { kit: target } }),
  );
  writeFileSync(join(cwd, 'rows.csv'), objects['rows.csv'] ?? '');
}

async function runStep(side: Side, which: string, binary: Binary, group: Group, step: Step): Promise<Ran> {
  const cwd = cwdOf(binary, which, group);
  await step.before?.(side);
  const { region, account } = side.place;
  const args = step.args.map((arg) =>
    arg
      .replace(/\{(cli-[\w-]+)\}/g, `arn:aws:states:{region}:{account}:stateMachine:{name}-$1`)
      .replaceAll('{region}', region)
      .replaceAll('{account}', account)
      .replaceAll('{name}', side.name),
  );
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const ran = await runBinary(
      [...args, '-o', 'json', '--utc'],
      { root: binary.root, env: binary.env, cwd },
      side.signal,
    );
    const done = !step.until || ran.code !== 0 || step.until(documentsOf(ran));
    if (done || Date.now() > until) return ran;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** One, or one a line. */
function documentsOf({ stdout }: Ran): JsonObject[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as JsonObject);
}

/** How long something took, and how long ago it was. */
const OF_ONE_RUN: Omit = new Set(['took', 'ageSeconds', 'durationSeconds']);

function stepResult({ target, embedded }: Sides, id: string, theirs: Ran, ours: Ran): Result {
  const missing = /UnknownOperation|NotImplemented|UnreadableAnswer/.test(theirs.stderr);
  if (missing && theirs.code !== ours.code)
    return { id, verdict: 'left out', why: 'needs an operation that the endpoint does not have', masked: 0 };
  const record = recorder('');
  const expected = record(renamed(documentsOf(theirs), target) as Json);
  const why =
    theirs.code === ours.code
      ? difference(expected, renamed(documentsOf(ours), embedded), new Map() as Bound, OF_ONE_RUN)
      : `exit code: expected ${theirs.code}, got ${ours.code}\n     ${(theirs.code ? theirs : ours).stderr.trim()}`;
  return {
    id,
    verdict: why ? 'different' : 'same',
    why: why && withoutTokens(why),
    masked: maskedIn(expected),
  };
}
