import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { widthOf } from '../../../src/views/text/width.js';
import { errorOf, type Ran, type Running, run, start, startDirectory } from '../world.js';

const INVOKE = 'arn:aws:states:::lambda:invoke';
const cwd = startDirectory();
const file = (name: string, content: unknown): void =>
  writeFileSync(join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content));

const charge = {
  Type: 'Task',
  Resource: INVOKE,
  Parameters: { FunctionName: 'charge', 'Payload.$': '$' },
  OutputPath: '$.Payload',
};
const order = (more: object = {}) => ({
  StartAt: 'Validate',
  States: {
    Validate: { ...charge, Parameters: { FunctionName: 'validate', 'Payload.$': '$' }, Next: 'Each' },
    Each: {
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency: 1,
      ResultPath: '$.done',
      ItemProcessor: { StartAt: 'Charge', States: { Charge: { ...charge, End: true } } },
      Next: 'Which',
    },
    Which: {
      Type: 'Choice',
      Choices: [{ Variable: '$.kind', StringEquals: 'big', Next: 'Done' }],
      ...more,
    },
    ...('Default' in more && {
      Note: { ...charge, Parameters: { FunctionName: 'note', 'Payload.$': '$' }, Next: 'Done' },
    }),
    Done: { Type: 'Succeed' },
  },
});
/** A Distributed Map; its children charge. */
const rows = (map: object = {}, processor: object = {}, type = 'STANDARD') => ({
  StartAt: 'Rows',
  States: {
    Rows: {
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: type },
        StartAt: 'Charge',
        States: {
          Charge: { ...charge, ...processor, End: true },
          ...('Catch' in processor && { Free: { Type: 'Pass', Result: 'free', End: true } }),
        },
      },
      End: true,
      ...map,
    },
  },
});
const written = {
  ...rows({}, {}, 'EXPRESS').States.Rows,
  ToleratedFailurePercentage: 100,
  ResultWriter: {
    Resource: 'arn:aws:states:::s3:putObject',
    Parameters: { Bucket: 'local-bucket', Prefix: 'results' },
  },
};
const csv = (config: object = {}, Key = 'rows.csv') => ({
  ItemsPath: undefined,
  ItemReader: {
    Resource: 'arn:aws:states:::s3:getObject',
    ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW', ...config },
    Parameters: { Bucket: 'local-bucket', Key },
  },
});
const functions = (charged: string): string => `
exports.validate = async (event) => ({ ...event, kind: 'small' });
exports.charge = async ({ amount }) => { if (amount > 5) { ${charged} } return { amount }; };
`;
const broken = "throw Object.assign(new Error('no more than 5'), { name: 'TooMuch' });";

let server: Running;
const flow = (...args: string[]): Promise<Ran> => run(args, { cwd });
const json = async (...args: string[]) => {
  const ran = await flow('rehearse', ...args, '-o', 'json');
  return { ...ran, document: JSON.parse(ran.stdout || 'null') };
};

beforeAll(async () => {
  mkdirSync(cwd, { recursive: true });
  file('order.asl.json', order());
  file('default.asl.json', order({ Default: 'Note' }));
  file('functions.cjs', functions(broken));
  file('ask.asl.json', {
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Parameters: { FunctionName: 'validate', Payload: { 'taskToken.$': '$$.Task.Token' } },
        Next: 'Done',
      },
      Done: { Type: 'Succeed' },
    },
  });
  file('rows.asl.json', rows());
  file('written.asl.json', rows(written));
  file('csv.asl.json', rows(csv()));
  file('mbc-flow.json', {
    local: {
      machines: {
        order: './order.asl.json',
        ask: './ask.asl.json',
        rows: './rows.asl.json',
        written: './written.asl.json',
        csv: './csv.asl.json',
      },
      functions: { validate: './functions.cjs.validate', charge: './functions.cjs.charge' },
    },
  });
  server = start(['dev', '--port', '0', '-o', 'json'], { cwd });
  const ready = await server.waitFor(/"ready":true/);
  const [, endpoint] = /"endpoint":"([^"]*)"/.exec(ready) ?? [];
  const put = (key: string, body: string | Uint8Array<ArrayBuffer>) =>
    fetch(`${endpoint}/local-bucket/${key}`, { method: 'PUT', body });
  await put('rows.csv', 'amount\n1\n2\n');
  await put('rows.json', '[{"amount":1},{"amount":2},{"amount":3}]');
  await Promise.all(Array.from({ length: 1002 }, (_, index) => put(`many/${index}`, 'x')));
  const amounts = [{ name: 'amount', data: [1, 2, 3], type: 'INT32' as const }];
  await put(
    'lake/rows.parquet',
    new Uint8Array(parquetWriteBuffer({ columnData: amounts, rowGroupSize: 2 })),
  );
  await flow(
    'start',
    'order',
    '--name',
    'no-rule',
    '--follow',
    '--input',
    '{"items":[{"amount":1},{"amount":2}]}',
  );
  await flow(
    'start',
    'order',
    '--name',
    'too-much',
    '--follow',
    '--input',
    '{"items":[{"amount":1},{"amount":9}]}',
  );
  const items = '{"items":[{"amount":1},{"amount":9},{"amount":2}]}';
  await flow('start', 'rows', '--name', 'rows-failed', '--follow', '--input', items);
  await flow('start', 'written', '--name', 'rows-written', '--follow', '--input', items);
  await flow('start', 'ask', '--name', 'asking');
  await flow('start', 'csv', '--name', 'csv-read', '--follow', '--input', '{}');
  file('no-rule.json', (await flow('history', 'no-rule', '-o', 'json')).stdout);
});

afterAll(async () => {
  server.signal('SIGTERM');
  await server.done;
});

describe('rehearse', () => {
  test('goes the same way with the definition that ran', async () => {
    const { code, stdout } = await flow('rehearse', 'no-rule');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^✖ FAILED {2}no-rule {2}the same way as then\n {2}ran +the definition that ran\n/,
    );
    expect(stdout).toMatch(
      /= Validate .*\n= Each .*\n= +Charge\[0\] .*\n= +Charge\[1\] .*\n= Which +failed: States.Runtime/,
    );
  });

  test('a changed definition stops at what the history never answered; with an answer it is through', async () => {
    const changed = ['no-rule', '--definition', 'default.asl.json'];
    const stopped = await json(...changed);
    expect(stopped.code).toBe(2);
    expect(stopped.document).toMatchObject({
      status: 'RUNNING',
      before: { status: 'FAILED', error: 'States.Runtime' },
      firstDifference: { stateName: 'Which', what: 'error', before: 'States.Runtime' },
      missing: { stateName: 'Note', iterations: [], visit: 1, attempt: 1 },
    });
    expect(JSON.parse(stopped.document.missing.sent)).toMatchObject({ FunctionName: 'note' });
    expect(errorOf(stopped)).toMatchObject({ code: 'AnswerMissing', exitCode: 2 });
    expect(errorOf(stopped).hint).toContain(`--answer 'Note={"Payload":{…}}' or --call Note`);

    file('note.json', '{"Payload":{"noted":true}}');
    for (const answer of ['Note={"Payload":{"noted":true}}', 'Note=@note.json', '*=@note.json']) {
      const { code, document } = await json(...changed, '--answer', answer);
      expect(code).toBe(0);
      expect(document).toMatchObject({ status: 'SUCCEEDED', output: '{"noted":true}', missing: null });
      const standings = document.steps.map(
        ({ stateName, standing }: { stateName: string; standing: string }) => `${stateName} ${standing}`,
      );
      expect(standings).toEqual([
        'Validate same',
        'Each same',
        'Charge same',
        'Charge same',
        'Which changed',
        'Note new',
        'Done new',
      ]);
    }
    const { stdout } = await flow('rehearse', ...changed, '--answer', 'Note=@note.json', '--graph');
    expect(stdout).toMatch(
      /First difference\n {2}Which: its error\n {2}- "States.Runtime"\n {2}\+ \(nothing\)/,
    );
    expect(stdout).toMatch(/Note[\s\S]*new/);
  });

  test('an answer for every state is for no iteration of one', async () => {
    const refused = await json('too-much', '--answer', '*[2]=1');
    expect(errorOf(refused)).toMatchObject({ exitCode: 2, where: '--answer' });
  });

  test('another answer for one iteration', async () => {
    const { document } = await json(
      'too-much',
      '--answer',
      'Charge[1]={"Payload":"free"}',
      '--definition',
      'default.asl.json',
      '--answer',
      'Note={"Payload":1}',
    );
    expect(document).toMatchObject({
      status: 'SUCCEEDED',
      firstDifference: { stateName: 'Charge', iterations: [1] },
    });
  });

  test('a saved history needs a definition; --machine names one of the target', async () => {
    const none = await json('--history', 'no-rule.json');
    expect(none.code).toBe(2);
    expect(errorOf(none)).toMatchObject({ code: 'DefinitionUnknown', where: 'no-rule.json' });
    const named = await json('--history', 'no-rule.json', '--machine', 'order');
    expect(named).toMatchObject({ code: 1, document: { same: true, definition: 'order', status: 'FAILED' } });
    const { events } = JSON.parse(readFileSync(join(cwd, 'no-rule.json'), 'utf8'));
    const other = await json('--history', 'no-rule.json', '--machine', 'order', '--input', '{"items":[]}');
    expect(other.document).toMatchObject({
      firstDifference: { stateName: 'Validate', what: 'input', path: '$.items[0]' },
    });

    // As a log group has them.
    const logged = events.map(
      ({ id, type, previousEventId, timestamp, ...details }: Record<string, unknown>) =>
        JSON.stringify({
          id: String(id),
          type,
          details: Object.values(details)[0] ?? {},
          previous_event_id: String(previousEventId),
          event_timestamp: String(Date.parse(String(timestamp))),
          execution_arn: 'arn:aws:states:eu-west-1:123456789012:express:order:no-rule:1',
        }),
    );
    file('lines.log', logged.join('\n'));
    const express = await json('--history', 'lines.log', '--definition', 'order.asl.json');
    expect(express).toMatchObject({ code: 1, document: { same: true, name: 'no-rule' } });

    // As other systems save it.
    const saved = readFileSync(join(cwd, 'no-rule.json'), 'utf8');
    for (const bytes of [
      Buffer.from(saved.replaceAll('\n', '\r\n')),
      Buffer.from(`\ufeff${saved}`),
      Buffer.from(`\ufeff${saved}`, 'utf16le'),
      Buffer.from(`\ufeff${saved}`, 'utf16le').swap16(),
    ]) {
      writeFileSync(join(cwd, 'saved.json'), bytes);
      expect(await json('--history', 'saved.json', '--machine', 'order')).toMatchObject({
        code: 1,
        document: { same: true },
      });
    }

    // Without data nobody knows what came back.
    const bare = (await flow('history', '--history', 'no-rule.json', '--no-data', '-o', 'json')).stdout;
    file('bare.json', bare);
    expect(errorOf(await json('--history', 'bare.json', '--machine', 'order'))).toMatchObject({
      code: 'InputUnknown',
    });
    const unknown = await json('--history', 'bare.json', '--machine', 'order', '--input', '{"items":[]}');
    expect(unknown).toMatchObject({ code: 2, document: { missing: { stateName: 'Validate' } } });

    // Saved in part: what is missing, and how to have it.
    file('cut.json', { events: events.slice(0, 3) });
    const cut = await json('--history', 'cut.json', '--machine', 'order');
    const lack = `the history ends with event 3 (${events[2].type}), before the execution does`;
    expect(cut.document).toMatchObject({ incomplete: lack, missing: { stateName: 'Validate' } });
    expect(errorOf(cut)).toMatchObject({
      where: 'cut.json',
      message: expect.stringContaining(`${lack}, and has no answer for Validate`),
      hint: expect.stringMatching(/--answer 'Validate=.*get-execution-history.*without --max-items/),
    });
    file('tail.json', { events: events.slice(2) });
    expect(errorOf(await json('--history', 'tail.json', '--machine', 'order'))).toMatchObject({
      code: 'InputUnknown',
      message: 'the history begins with event 3: the input of the execution is not in it',
    });
    expect(named.document.incomplete).toBeNull();
  });

  test('the children of a map run are played again where the Map is another now', async () => {
    expect(await json('rows-failed')).toMatchObject({
      code: 1,
      document: { same: true, error: 'States.ExceedToleratedFailureThreshold' },
    });
    file('caught.asl.json', rows({}, { Catch: [{ ErrorEquals: ['TooMuch'], Next: 'Free' }] }));
    const caught = await json('rows-failed', '--definition', 'caught.asl.json');
    expect(caught).toMatchObject({ code: 0, document: { output: '[{"amount":1},"free",{"amount":2}]' } });
    expect(caught.document.firstDifference).toMatchObject({ stateName: 'Rows', what: 'error' });
    file('selected.asl.json', rows({ ItemSelector: { 'amount.$': '$$.Map.Item.Value.amount', more: 1 } }));
    const asked = await json('rows-failed', '--definition', 'selected.asl.json');
    expect(asked).toMatchObject({ code: 2, document: { missing: { stateName: 'Charge', iterations: [0] } } });
    file('answers.yaml', 'Charge: { value: { Payload: given } }\n');
    const given = await json('rows-failed', '--definition', 'selected.asl.json', '--answers', 'answers.yaml');
    expect(given).toMatchObject({ code: 0, document: { output: '["given","given","given"]' } });
    file('answers.yaml', 'Charge:\n  valu: 1\n');
    expect(errorOf(await json('rows-failed', '--answers', 'answers.yaml'))).toMatchObject({
      code: 'InvalidAnswers',
      where: 'answers.yaml:2:3',
    });
  });

  test('the items of an ItemReader are read again where another one reads', async () => {
    const over = async (name: string, map: object) => {
      file(`${name}.asl.json`, rows(map));
      return await json('csv-read', '--definition', `${name}.asl.json`, '--answer', 'Charge={"Payload":1}');
    };
    expect(await json('csv-read')).toMatchObject({ code: 0, document: { same: true } });
    // The rows, a header among them; and as many objects as another reader takes.
    const given = { CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a'] };
    expect(await over('given', csv(given))).toMatchObject({ code: 0, document: { output: '[1,1,1]' } });
    const two = csv({ InputType: 'JSON', CSVHeaderLocation: undefined, MaxItems: 2 }, 'rows.json');
    expect(await over('two', two)).toMatchObject({ code: 0, document: { output: '[1,1]' } });
    const bad = csv({ InputType: 'JSON', CSVHeaderLocation: undefined });
    expect(await over('bad', bad)).toMatchObject({
      code: 1,
      document: { error: 'States.ItemReaderFailed' },
    });
    const parquet = { InputType: 'PARQUET', CSVHeaderLocation: undefined };
    for (const gone of [csv({}, 'gone.csv'), csv(parquet, 'gone.parquet')])
      expect(await over('gone', gone)).toMatchObject({
        code: 2,
        document: { missing: { stateName: 'Rows' } },
      });
  });

  test('a saved history has nothing of what a Map reads: it says so, and reads it on the target that is named', async () => {
    file('csv-read.json', (await flow('history', 'csv-read', '-o', 'json')).stdout);
    const map = csv({ InputType: 'JSON', CSVHeaderLocation: undefined, MaxItems: 2 }, 'rows.json');
    file('two.asl.json', JSON.stringify(rows(map)).replaceAll('"Rows"', '"Lines"'));
    const again = ['--history', 'csv-read.json', '--definition', 'two.asl.json'];
    const charged = ['--answer', 'Charge={"Payload":1}'];
    const alone = await json(...again, ...charged);
    expect(alone).toMatchObject({ code: 2, document: { missing: { stateName: 'Lines' } } });
    expect(errorOf(alone)).toMatchObject({
      message: expect.stringContaining('a saved history has nothing of what its ItemReader reads'),
      hint: expect.stringMatching(/^--target NAME \(or --local\).*"Lines": \{"items": .*--answer 'Lines=/),
    });
    expect(await json(...again, ...charged, '--local')).toMatchObject({
      code: 0,
      document: { output: '[1,1]' },
    });
    writeFileSync(
      join(cwd, 'lines.json'),
      '{"Lines":{"items":[{"a":1},{"a":2},{"a":3}]},"Charge":{"value":{"Payload":1}}}',
    );
    const given = await json(...again, '--answers', 'lines.json');
    expect(given).toMatchObject({ code: 0, document: { output: '[1,1]' } });
  });

  test.each([
    [
      'input',
      { id: 1, type: 'ExecutionStarted', previousEventId: 0, executionStartedEventDetails: { input: '{no' } },
    ],
    [
      'output',
      { id: 1, type: 'TaskSucceeded', previousEventId: 0, taskSucceededEventDetails: { output: '{no' } },
    ],
  ])('a saved history whose %s is cut is one error', async (what, event) => {
    file('cut.json', { events: [{ timestamp: 1, ...event }] });
    const cut = await json('--history', 'cut.json', '--machine', 'order', '--input', '{}');
    expect(cut.code).toBe(2);
    expect(errorOf(cut)).toMatchObject({
      code: 'NotAHistory',
      where: 'cut.json',
      message: `the ${what} of event 1 (${event.type}) is not valid JSON`,
    });
  });

  test('a bucket is listed again, page by page, and Parquet is read', async () => {
    const over = async (map: object) => {
      file('reader.asl.json', rows(map));
      const { code, document } = await json(
        ...['csv-read', '--definition', 'reader.asl.json', '--answer', 'Charge={"Payload":1}'],
      );
      return [code, JSON.parse(document.output ?? 'null')?.length ?? document.missing];
    };
    const listing = (Prefix: string, ReaderConfig: object = {}) => ({
      ItemsPath: undefined,
      ItemReader: {
        Resource: 'arn:aws:states:::s3:listObjectsV2',
        ReaderConfig,
        Parameters: { Bucket: 'local-bucket', Prefix },
      },
    });
    expect(await over(listing('many/'))).toEqual([0, 1002]);
    expect(
      await over(csv({ InputType: 'PARQUET', CSVHeaderLocation: undefined }, 'lake/rows.parquet')),
    ).toEqual([0, 3]);
    const flattened = { InputType: 'PARQUET', Transformation: 'LOAD_AND_FLATTEN' };
    expect(await over(listing('lake/', flattened))).toEqual([0, 3]);
  });

  test('in a pipe it is as wide as a terminal; data is whole under --verbose', async () => {
    const note = '長い'.repeat(100);
    const args = [
      ...['rehearse', 'no-rule', '--definition', 'default.asl.json', '--answer', 'Note={"Payload":1}'],
      ...['--answer', `Charge={"Payload":"${note}"}`],
    ];
    for (const columns of [60, 80]) {
      const { stdout } = await run(args, { cwd, env: { COLUMNS: String(columns) } });
      expect(Math.max(...stdout.split('\n').map(widthOf))).toBeLessThanOrEqual(columns);
      expect(stdout).toMatch(/\+ Note/);
    }
    expect((await flow(...args, '--verbose')).stdout).toContain(note);
  });

  test('EXPRESS children are known by what a ResultWriter wrote', async () => {
    expect(await json('rows-written')).toMatchObject({ code: 0, document: { same: true } });
    file('strict.asl.json', rows({ ...written, ToleratedFailurePercentage: 10 }));
    const strict = await json('rows-written', '--definition', 'strict.asl.json');
    expect(strict).toMatchObject({ code: 1, document: { error: 'States.ExceedToleratedFailureThreshold' } });
  });

  test('a step that waits has no answer yet; its token is in nothing', async () => {
    const waiting = await json('asking');
    expect(waiting).toMatchObject({ code: 2, document: { missing: { stateName: 'Ask' } } });
    expect(waiting.document.missing.sent).toContain('<redacted>');
    const answered = await json('asking', '--answer', 'Ask={"approved":true}');
    expect(answered).toMatchObject({ code: 0, document: { output: '{"approved":true}' } });
  });

  test('a function that was mended is called', async () => {
    const then = await json('too-much');
    expect(then).toMatchObject({ code: 1, document: { same: true, error: 'TooMuch' } });
    const still = await json('too-much', '--call', 'Charge');
    expect(still).toMatchObject({ code: 1, document: { error: 'TooMuch' } });
    file('functions.cjs', functions('return { amount, much: true };'));
    const changed = [
      'too-much',
      '--call',
      'Charge',
      '--definition',
      'default.asl.json',
      '--answer',
      'Note={"Payload":1}',
    ];
    await expect.poll(async () => (await json(...changed)).code, { timeout: 20_000 }).toBe(0);
    const { document } = await json(...changed);
    expect(document.firstDifference).toMatchObject({ stateName: 'Charge', iterations: [1] });
  });

  test('--step goes through it state by state, and back', async () => {
    const args = [
      'rehearse',
      'no-rule',
      '--definition',
      'default.asl.json',
      '--answer',
      'Note={"Payload":1}',
      '--step',
      '--no-color',
    ];
    const { code, stdout } = await run(args, { cwd, tty: true, stdin: 'nnbdq', columns: 80 });
    expect(code).toBe(0);
    const shown = [...stdout.matchAll(/^(\d) of 7 {2}(. [a-z]+)\n(\S+)/gm)].map((match) =>
      match.slice(1).join(' '),
    );
    expect(shown).toEqual([
      '1 = same Validate',
      '2 = same Each',
      '3 = same Charge[0]',
      '2 = same Each',
      '5 ~ changed Which',
    ]);
    expect(stdout).toMatch(/sent +\{"FunctionName":"charge","Payload":\{"amount":1\}\}\n/);
    expect(stdout).toMatch(/Different from then\n {2}Which: its error[\s\S]*then +failed: States.Runtime/);
    expect(stdout).toMatch(/✔ SUCCEEDED {2}no-rule/);
    expect(errorOf(await json('no-rule', '--step'))).toMatchObject({ code: 'NoTerminal' });
  });

  test('what is wrong is said, and nothing runs', async () => {
    const refused = async (...args: string[]) => errorOf(await json('no-rule', ...args));
    expect(await refused('--answer', 'Chrge=1')).toMatchObject({ code: 'UnknownState', where: '--answer' });
    expect(await refused('--call', 'Which')).toMatchObject({ code: 'UnknownState', where: '--call' });
    expect(await refused('--answer', 'Charge')).toMatchObject({ code: 'BadUsage' });
    file('half.json', '{"Payload":\n  {');
    expect(await refused('--answer', 'Charge=@half.json')).toMatchObject({ where: 'half.json:2:4' });
    file('half.yaml', '# mine\nCharge: [');
    expect(await refused('--answers', 'half.yaml')).toMatchObject({ where: 'half.yaml:2:10' });
    file('typo.yaml', '# mine\nanswers:\n  Validate: { value: 1 }\n  Chrge: { value: 1 }\n');
    expect(await refused('--answers', 'typo.yaml')).toMatchObject({
      code: 'UnknownState',
      where: 'typo.yaml:4:3',
    });
    expect(await refused('--answer', 'Charge={')).toMatchObject({
      code: 'InvalidAnswer',
      where: '--answer:1:2',
    });
    expect(await refused('--definition', 'nowhere.json')).toMatchObject({ exitCode: 3 });
    file('bad.asl.json', '{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}');
    expect(await refused('--definition', 'bad.asl.json')).toMatchObject({
      code: 'InvalidDefinition',
      exitCode: 2,
      where: 'bad.asl.json',
    });
    expect(errorOf(await json())).toMatchObject({ code: 'BadUsage' });
  });
});
