import { describe, expect, test } from 'vitest';
import { manifestKey, readImportMachine, uploadKey } from '../../../src/framework/import/machine.js';
import { builtinMachines } from '../../../src/framework/machines.js';
import { stableName } from '../../../src/workflow/names/stable-name.js';
import { documentedImportMachine } from './documented-machine.js';

const builtin = builtinMachines().find(({ name }) => name === 'import-csv')?.definition ?? '';

describe('readImportMachine', () => {
  test("the framework's newest shape", () => {
    expect(readImportMachine(builtin)).toEqual({
      mapState: 'import-csv',
      finalizes: true,
      batcher: { maxItemsPerBatch: 100, maxInputBytesPerBatch: 100_000 },
      results: { bucket: 'local-bucket', prefix: 'sfn-results/import-csv' },
      resultPath: ['mapOutput'],
      childrenDescribed: true,
      reader: { delimiter: ',' },
      maxRowBytes: 130_048,
      functions: ['arn:aws:lambda:ap-northeast-1:101010101010:function:serverless-example-dev-main'],
    });
  });

  test('what its reader declares, and what its function is given', () => {
    const root = JSON.parse(builtin) as { States: Record<string, Record<string, unknown>> };
    const map = root.States['import-csv'] ?? {};
    const reader = { InputType: 'CSV', CSVDelimiter: 'PIPE', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a'] };
    root.States['import-csv'] = {
      ...map,
      ItemReader: { ReaderConfig: reader },
      ItemProcessor: JSON.parse(JSON.stringify(map.ItemProcessor).replaceAll('"$$"', '"$$.Execution.Name"')),
      ResultPath: null,
    };
    const machine = readImportMachine(JSON.stringify(root));
    expect(machine).toMatchObject({ reader: { delimiter: '|', headers: ['a'] }, maxRowBytes: 260_096 });
    expect(machine.resultPath).toBeUndefined();
  });

  test("the framework's older and local shapes", () => {
    const call = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: {
        FunctionName: 'arn:aws:lambda:ap-northeast-1:101010101010:function:main',
        Payload: { 'input.$': '$', 'context.$': '$$' },
      },
    };
    // No job to close, and a limit of bytes alone for its batches.
    const older = documentedImportMachine({ ...call, OutputPath: '$.Payload[0][0]', End: true });
    // Of the framework's local server: no map at all.
    const local = {
      StartAt: 'csv_loader',
      States: {
        csv_loader: { ...call, OutputPath: '$.Payload[0][0]', Next: 'read_csv' },
        read_csv: { ...call, OutputPath: '$.Payload', Next: 'finalize_parent_job' },
        finalize_parent_job: { ...call, OutputPath: '$.Payload', End: true },
      },
    };
    const shape = (definition: object) => readImportMachine(JSON.stringify(definition));
    expect(shape(older)).toEqual({
      mapState: 'import-csv',
      finalizes: false,
      batcher: { maxItemsPerBatch: undefined, maxInputBytesPerBatch: 10 },
      resultPath: [],
      childrenDescribed: false,
      reader: { delimiter: ',' },
      maxRowBytes: 130_048,
      functions: [expect.any(String)],
    });
    expect(shape(local)).toMatchObject({ finalizes: true, childrenDescribed: false });
  });

  test('a map inside a branch is found', () => {
    const machine = JSON.parse(builtin) as { States: Record<string, unknown> };
    const inside = { StartAt: 'import-csv', States: { 'import-csv': machine.States['import-csv'] } };
    const definition = { StartAt: 'p', States: { p: { Type: 'Parallel', Branches: [inside], End: true } } };
    expect(readImportMachine(JSON.stringify(definition))).toMatchObject({
      mapState: 'import-csv',
      finalizes: false,
    });
  });
});

test('names and keys keep to what AWS allows', () => {
  const sha256 = 'f89c99e1'.repeat(8);
  for (const table of ['商品', '商品_sjis', 'a b/c', 'x'.repeat(200), '-', 'products']) {
    expect(stableName(table, 'import', sha256, 12)).toMatch(/^[0-9A-Za-z][0-9A-Za-z_-]{1,79}$/);
  }
  expect(uploadKey('商品 1.csv', sha256, Date.UTC(2026, 10, 24))).toBe(
    'imports/20261124-f89c99e1/商品 1.csv',
  );
  expect(manifestKey('p/', 'arn:aws:states:r:1:mapRun:SM/label:uuid')).toBe('p/uuid/manifest.json');
  expect(manifestKey('', 'arn:aws:states:r:1:mapRun:SM/label:uuid')).toBe('uuid/manifest.json');
  expect(manifestKey('p', 'arn:aws:states:r:1:mapRun:SM/label:uuid', 2)).toBe(
    'p/uuid/Redrive-2/manifest.json',
  );
});
