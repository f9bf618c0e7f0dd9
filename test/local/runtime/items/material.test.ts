import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { material } from '../../../shared.js';
import { ended, type Local, suiteServer } from '../../harness.js';

/** What AWS's ItemReader was recorded to make of given objects. */
interface Case {
  id: string;
  test: string;
  objects: { Key: string; Body: string }[];
  itemReader: { ReaderConfig?: Record<string, unknown> };
  itemSelector: unknown;
  input: string[];
  outcome: 'ExecutionSucceeded' | 'ExecutionFailed';
  details: { output?: string; error?: string; cause?: string };
}

const cases = material.table<Case>('csv/aws-itemreader-cases.json');

/** Variables that the record's machine had assigned before: all that is left of them is their names. */
function variables({ itemReader, details }: Case): Record<string, unknown> {
  const count = details.output === undefined ? 0 : (JSON.parse(details.output) as unknown[]).length;
  const names = JSON.stringify(itemReader).matchAll(/"\$([A-Za-z]\w*)"/g);
  return Object.fromEntries([...names].map(([, name]) => [name, count]));
}

material.describe('AWS’s own readings', () => {
  let local: Local;
  suiteServer((started) => {
    local = started;
  });
  test.each(cases.map((one) => [one.test, one] as const))('%s', async (_name, one) => {
    const Bucket = one.id;
    await local.s3.send(new CreateBucketCommand({ Bucket }));
    for (const object of one.objects) await local.s3.send(new PutObjectCommand({ Bucket, ...object }));
    const jsonata = JSON.stringify(one.itemReader).includes('{%');
    const definition = JSON.stringify({
      ...(jsonata && { QueryLanguage: 'JSONata' }),
      StartAt: 'before',
      States: {
        before: { Type: 'Pass', Assign: variables(one), Next: 'map' },
        map: {
          Type: 'Map',
          ItemReader: one.itemReader,
          ...(one.itemSelector !== null && { ItemSelector: one.itemSelector }),
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'item',
            States: { item: { Type: 'Pass', End: true } },
          },
          End: true,
        },
      },
    });
    const { stateMachineArn } = await local.sfn.send(
      new CreateStateMachineCommand({
        name: `reads-${one.id}`,
        roleArn: 'arn:aws:iam::101010101010:role/r',
        definition,
      }),
    );
    const input = (one.input[0] ?? '{}').replace(/\$\{[^}]*\}/g, Bucket);
    const { executionArn = '' } = await local.sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
    const { status, output, error, cause } = await ended(local.sfn, executionArn);
    const found = { output: output && JSON.parse(output), error, cause };
    expect({ ...found, status }).toEqual({
      output: one.details.output && JSON.parse(one.details.output),
      error: one.details.error,
      cause: one.details.cause,
      status: one.outcome === 'ExecutionSucceeded' ? 'SUCCEEDED' : 'FAILED',
    });
  });
});
