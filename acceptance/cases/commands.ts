import { PutObjectCommand } from '@aws-sdk/client-s3';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Json, JsonObject } from '../../src/json/json.js';
import { bucketOf, call, machineArn, type Side } from '../side.js';
import { machine, single } from './case.js';

export interface Step {
  id: string;
  /** Of the command line; texts in braces as in cases, {ID} the ARN of a machine of the group. */
  args: string[];
  /** Repeated until it is so: a log or a list comes after its time. */
  until?(documents: JsonObject[]): boolean;
  /** Before it, on each side. */
  before?(side: Side): Promise<unknown>;
}

export interface Group {
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
