import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, test } from 'vitest';
import { errorOf, run, start, startDirectory } from '../world.js';

/** Machines of a team, and executions of theirs that ended, hang, and failed alike. */
const machines = {
  slow: { StartAt: 'w', States: { w: { Type: 'Wait', Seconds: 600, End: true } } },
  broken: {
    StartAt: '承認と通知',
    States: {
      承認と通知: {
        Type: 'Parallel',
        End: true,
        Branches: [
          { StartAt: 'ok', States: { ok: { Type: 'Pass', End: true } } },
          { StartAt: 'no', States: { no: { Type: 'Fail', Error: 'Rejected', CausePath: '$.why' } } },
        ],
      },
    },
  },
  outer: {
    StartAt: 'call',
    States: {
      call: {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution.sync:2',
        Parameters: {
          StateMachineArn: 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:broken',
          'Input.$': '$',
        },
        End: true,
      },
    },
  },
  rows: rowsBy('STANDARD'),
  'fast-rows': rowsBy('EXPRESS'),
};

function rowsBy(ExecutionType: 'STANDARD' | 'EXPRESS') {
  return {
    StartAt: 'each',
    States: {
      each: {
        Type: 'Map',
        ItemsPath: '$.items',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType },
          StartAt: 'row',
          States: { row: { Type: 'Fail', Error: 'Rejected', CausePath: '$.why' } },
        },
        End: true,
      },
    },
  };
}

const cwd = startDirectory();
const mbc = (...args: string[]) => run(args, { cwd });
const json = async (...args: string[]) => JSON.parse((await mbc(...args, '-o', 'json')).stdout);

let endpoint = '';

/** Makes an EXPRESS machine that logs at this level; its name. */
async function express(
  name: string,
  level: 'ALL' | 'ERROR' | 'OFF',
  definition: object = { StartAt: 'a', States: { a: { Type: 'Pass', End: true } } },
): Promise<string> {
  const settings = {
    endpoint,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const logGroupName = `/aws/vendedlogs/states/${name}`;
  const logGroupArn = `arn:aws:logs:ap-northeast-1:101010101010:log-group:${logGroupName}:*`;
  const [states, logs] = [new SFNClient(settings), new CloudWatchLogsClient(settings)];
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await states.send(
    new CreateStateMachineCommand({
      name,
      type: 'EXPRESS',
      definition: JSON.stringify(definition),
      roleArn: 'arn:aws:iam::101010101010:role/local',
      loggingConfiguration: { level, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }] },
    }),
  );
  states.destroy();
  logs.destroy();
  return name;
}

beforeAll(async () => {
  for (const [name, definition] of Object.entries(machines))
    writeFileSync(join(cwd, `${name}.json`), JSON.stringify(definition));
  writeFileSync(
    join(cwd, 'mbc-flow.json'),
    JSON.stringify({
      local: {
        machines: Object.fromEntries(Object.keys(machines).map((name) => [name, `./${name}.json`])),
      },
    }),
  );
  const server = start(['dev', '--port', '0', '-o', 'json'], { cwd });
  endpoint = /http[^"]+/.exec(await server.waitFor(/"ready":true.*\n/))?.[0] ?? '';
  await mbc('start', 'slow', '--name', 'hangs', '--input', '{"requestId":"r-hangs"}');
  for (const n of [1, 2]) {
    const input = JSON.stringify({ requestId: `r-${n}`, why: `order ${n} is closed` });
    await mbc('start', 'broken', '--name', `broken-${n}`, '--input', input, '--follow');
  }
  return async () => {
    server.signal('SIGINT');
    await server.done;
  };
});

describe('list', () => {
  const names = async (...args: string[]) =>
    (await json('list', ...args)).executions.map(({ name }: { name: string }) => name);

  test('by what AWS does not filter by', async () => {
    expect(await names('--request-id', 'r-2')).toEqual(['broken-2']);
    expect(await names('--match', 'order 1 is')).toEqual(['broken-1']);
    expect(await names('--state', 'no')).toEqual(['broken-2', 'broken-1']);
    expect(await names('--state', 'ok')).toEqual([]);
    expect(await names('--error', 'Rejected')).toEqual(['broken-2', 'broken-1']);
    expect(await names('--longer-than', '1h')).toEqual([]);
    const [failed] = (await json('list', '--failed')).executions;
    expect(failed.failure).toEqual({ stateName: 'no', error: 'Rejected', message: 'order 2 is closed' });
  });

  test('a request id that is not there names those that are near: exit 3', async () => {
    const missed = await mbc('list', '--request-id', 'r-hang', '-o', 'json');
    expect(missed.code).toBe(3);
    expect(errorOf(missed)).toMatchObject({ code: 'RequestNotFound', near: ['r-hangs'] });
  });

  test('causes of failure, grouped', async () => {
    expect((await json('list', '--failed', '--group')).groups).toMatchObject([
      { stateMachineName: 'broken', stateName: 'no', error: 'Rejected', count: 2 },
    ]);
  });
});

describe('history', () => {
  test('lines, and filters', async () => {
    const { stdout } = await mbc('history', 'broken-1', '--failed');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/ {2,}/g, '|').split('|').slice(3, 5));
    expect(lines).toEqual([
      ['FailStateEntered', 'no'],
      ['ParallelStateFailed', '承認と通知'],
      ['ExecutionFailed', 'Rejected: order 1 is closed'],
    ]);
    expect((await mbc('history', 'broken-1', '--path', '$.requestId', '--type', 'Started')).stdout).toContain(
      '"r-1"',
    );
    const none = await mbc('history', 'broken-1', '--type', 'MapRunFailed');
    expect([none.code, none.stdout, none.stderr]).toEqual([0, '', 'No matching events.\n']);
  });

  test("-o json is AWS's document; --no-data has no payload", async () => {
    const { events } = await json('history', 'broken-1', '--no-data');
    expect(events[0]).toMatchObject({ id: 1, previousEventId: 0, type: 'ExecutionStarted' });
    expect(JSON.stringify(events)).not.toContain('r-1');
    expect(JSON.stringify(await json('history', 'broken-1'))).toContain('r-1');
  });

  test('--follow ends with the outcome', async () => {
    expect((await mbc('history', 'broken-1', '--follow')).code).toBe(1);
  });
});

describe('logs', () => {
  test('an execution line for line, and the end with it', async () => {
    const { code, stdout } = await mbc('logs', 'broken-1', '-f', '-o', 'ndjson');
    expect(code).toBe(0);
    const types = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    const { events } = await json('history', 'broken-1');
    expect(types).toEqual(events.map(({ type }: { type: string }) => type));
    const errors = (await mbc('logs', 'broken', '--errors', '--filter', 'order 1')).stdout;
    expect(errors).toMatch(/broken-1 {2}ExecutionFailed {2}Rejected: order 1 is closed/);
    expect(errors).not.toContain('order 2');
  });

  test('of an EXPRESS execution, by its vended lines, until it has ended', async () => {
    const { executionArn } = await json('start', await express('told', 'ALL'), '--follow');
    const { code, stdout } = await mbc('logs', executionArn, '-f', '-o', 'ndjson');
    expect(code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
    expect(new Set(lines.map((line) => line.executionArn))).toEqual(new Set([executionArn]));
  });

  test('a machine and an execution that are not there: exit 3', async () => {
    expect((await mbc('logs', 'nope')).code).toBe(3);
  });
});

test('the graph of an execution as JSON: what ran of each state', async () => {
  const graph = await json('graph', 'broken-1');
  expect(graph.status).toBe('FAILED');
  const [outer] = graph.states;
  expect(outer.ran).toMatchObject({ status: 'failed', entered: 1, exited: 0 });
  expect(outer.inside[1].states[0]).toMatchObject({ name: 'no', ran: { entered: 1, exited: 0 } });
  writeFileSync(
    join(cwd, 'begun.json'),
    JSON.stringify({ events: [{ id: 1, type: 'ExecutionStarted', timestamp: 0 }] }),
  );
  expect((await json('graph', 'broken', '--history', 'begun.json')).states[0].ran).toBeNull();
  const { stateMachineName } = JSON.parse((await mbc('list', '-o', 'json')).stdout).executions[0];
  expect((await json('graph', stateMachineName)).states[0]).not.toHaveProperty('ran');
});

test('a saved history plays and shows as the execution itself', async () => {
  writeFileSync(join(cwd, 'saved.json'), (await mbc('history', 'broken-1', '-o', 'json')).stdout);
  const played = await mbc('watch', '--replay', 'saved.json', '--speed', 'max');
  expect(played.code).toBe(1);
  expect(played.stdout).toMatch(/execution {2}FAILED: order 1 is closed \(Rejected\)\n$/);
  const { executionArn, stateMachineArn, name, ...own } = await json('show', 'broken-1');
  expect(await json('show', '--history', 'saved.json')).toMatchObject(own);
  expect((await mbc('show', '--history', 'saved.json')).stdout).toContain(
    'mbc-flow history --history saved.json --state no',
  );
  expect((await mbc('watch')).code).toBe(2);
  // It does not say whose it is, so nobody can choose of it.
  for (const line of [
    ['watch', 'broken-1', '--replay', 'saved.json'],
    ['show', 'broken-1', '--history', 'saved.json'],
  ])
    expect(errorOf(await mbc(...line, '-o', 'json'))).toMatchObject({ exitCode: 2, hint: 'omit "broken-1"' });
  expect((await mbc('watch', 'a', 'b', '--replay', 'saved.json')).code).toBe(2);
  const logged = (execution: string) =>
    JSON.stringify({ id: '1', type: 'ExecutionStarted', details: {}, execution_arn: execution });
  writeFileSync(join(cwd, 'two.log'), [logged('a:x'), logged('a:y')].join('\n'));
  expect((await mbc('watch', 'y', '--replay', 'two.log', '--speed', 'max')).code).toBe(0);
  expect((await mbc('watch', 'z', '--replay', 'two.log')).code).toBe(3);
  for (const line of (await mbc('watch', '--replay', 'saved.json', '--speed', 'max', '-o', 'ndjson')).stdout
    .trimEnd()
    .split('\n'))
    expect(JSON.parse(line)).toMatchObject({ executionArn: null });
});

test('of a saved history that ends before its execution did, it is said that it ends there, and when', async () => {
  const { events } = await json('history', 'broken-1');
  const cut = events.slice(0, -1);
  writeFileSync(join(cwd, 'cut.json'), JSON.stringify({ events: cut }));
  const { status, historyEnds } = await json('show', '--history', 'cut.json');
  const last = new Date(cut.at(-1).timestamp);
  expect([status, historyEnds]).toEqual(['RUNNING', last.toISOString()]);
  const shown = (await mbc('show', '--history', 'cut.json', '--utc')).stdout;
  expect(shown).toContain(`  history   incomplete: ends at ${last.toISOString()}\n`);
  expect(shown).not.toContain('attempt 0');
  // It stands there since then, and not since today.
  expect(shown).toMatch(/runs for [\d.]+ ?m?s/);
  const played = await mbc('watch', '--replay', 'cut.json', '--speed', 'max');
  expect(played).toMatchObject({ code: 0 });
  expect(played.stderr).toContain('The history ends here, before the execution did.');
  expect((await mbc('watch', '--replay', 'saved.json', '--speed', 'max')).stderr).toBe('');
  expect(await json('show', '--history', 'saved.json')).not.toHaveProperty('historyEnds');
});

test('watch --logs: its log lines beside the changes', async () => {
  const lines = (await mbc('watch', 'broken-1', '--logs', '-o', 'ndjson')).stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const logged = lines.flatMap(({ type, log }) => (type === 'log' ? log.type : []));
  const { events } = await json('history', 'broken-1');
  expect(logged).toEqual(events.map(({ type }: { type: string }) => type));
  expect(lines.some(({ type }) => type === 'execution')).toBe(true);
  expect((await mbc('watch', 'broken-1', '--logs')).stdout).toMatch(
    /broken {2}ExecutionFailed {2}Rejected: order 1 is closed/,
  );
});

describe('EXPRESS, by the log of its machine', () => {
  test('its executions are not listed: exit 2, and what there is instead', async () => {
    const machine = await express('unlisted', 'ALL');
    for (const line of [
      ['list', machine],
      ['watch', `${machine}@last`],
    ]) {
      expect(errorOf(await mbc(...line, '-o', 'json'))).toMatchObject({
        code: 'StateMachineTypeNotSupported',
        exitCode: 2,
        message: 'this is an EXPRESS state machine: AWS keeps no list of its executions',
      });
    }
  });

  test('watch follows one that runs to its end; history, show and graph tell the same', async () => {
    const machine = await express('live', 'ALL', {
      StartAt: 'pause',
      States: {
        pause: { Type: 'Wait', Seconds: 1, Next: 'no' },
        no: { Type: 'Fail', Error: 'Rejected', Cause: 'no stock' },
      },
    });
    const { executionArn } = await json('start', machine);
    const watched = await mbc('watch', executionArn);
    expect(watched.code).toBe(1);
    expect(watched.stdout).toMatch(/pause {2}succeeded[\s\S]+execution {2}FAILED: no stock \(Rejected\)\n$/);
    const { events } = await json('history', executionArn);
    expect(events.map(({ type }: { type: string }) => type).slice(0, 2)).toEqual([
      'ExecutionStarted',
      'WaitStateEntered',
    ]);
    const shown = await json('show', executionArn);
    expect(shown).toMatchObject({ status: 'FAILED', failure: { stateName: 'no', message: 'no stock' } });
    expect(await json('watch', executionArn)).toEqual(shown);
    expect((await mbc('graph', executionArn)).stdout).toContain('✖ no');
  });

  test('a child of a map run', async () => {
    await mbc('start', 'fast-rows', '--name', 'fast', '--input', '{"items":[{"why":"gone"}]}', '--follow');
    const { stdout } = await mbc('logs', 'fast-rows', '-o', 'ndjson');
    const child = /arn:aws:states:[^"]+:express:fast-rows\/[^"]+/.exec(stdout)?.[0] ?? '';
    expect((await mbc('watch', child)).stdout).toMatch(/execution {2}FAILED: gone \(Rejected\)\n$/);
    expect(await json('show', child)).toMatchObject({ executionArn: child, status: 'FAILED' });
  });

  test('without a log: exit 2, and the commands that switch it on', async () => {
    const ended = await json('start', await express('quick', 'OFF'), '--input', '{"n":1}', '--follow');
    expect(ended).toMatchObject({ status: 'SUCCEEDED', output: '{"n":1}', failure: null });
    for (const command of ['show', 'watch', 'history']) {
      const refused = errorOf(await mbc(command, ended.executionArn, '-o', 'json'));
      expect(refused).toMatchObject({ exitCode: 2, code: 'ExpressExecution' });
      expect(refused.hint).toMatch(
        /^aws stepfunctions update-state-machine --region ap-northeast-1 --state-machine-arn \S+:quick --logging-configuration '\{"level":"ALL"/,
      );
    }
  });

  test('where only failures are logged, success is silence: exit 3; a failure is told', async () => {
    const machine = await express('terse', 'ERROR', {
      StartAt: 'c',
      States: {
        c: {
          Type: 'Choice',
          Choices: [{ Variable: '$.ok', BooleanEquals: true, Next: 'yes' }],
          Default: 'no',
        },
        yes: { Type: 'Succeed' },
        no: { Type: 'Fail', Error: 'Rejected', Cause: 'not ok' },
      },
    });
    const well = await json('start', machine, '--input', '{"ok":true}', '--follow');
    expect(errorOf(await mbc('watch', well.executionArn, '-o', 'json'))).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('only failures'),
      hint: expect.stringContaining('update-state-machine'),
    });
    const badly = await json('start', machine, '--input', '{"ok":false}', '--follow');
    expect((await mbc('watch', badly.executionArn)).stdout).toMatch(/FAILED: not ok \(Rejected\)\n$/);
  });
});

test.each(['outer', 'rows'])(
  '%s: show follows the failure to the execution inside where it began',
  async (machine) => {
    await mbc(
      'start',
      machine,
      '--name',
      `${machine}-1`,
      '--input',
      '{"why":"no stock","items":[{"why":"no stock"}]}',
      '--follow',
    );
    const { stdout } = await mbc('show', `${machine}-1`);
    expect(stdout).toMatch(/root +\w+: Rejected: no stock\n +in +arn:\S+:execution:\S+\n/);
    const { root } = (await json('show', `${machine}-1`)).failure;
    expect(root).toMatchObject({ error: 'Rejected', message: 'no stock' });
    expect(await json('show', root.executionArn)).toMatchObject({
      status: 'FAILED',
      failure: { stateName: root.stateName, root: null },
    });
  },
);

describe('redrive, rerun, stop, open', () => {
  test('--plan tells what would run again, and changes nothing', async () => {
    const { plans } = await json('redrive', 'broken-1', '--plan');
    expect(plans).toMatchObject([
      {
        redrivable: true,
        definitionChanged: false,
        runsAgain: [
          { stateName: '承認と通知', what: '1 of 2 branches' },
          { stateName: 'no', what: expect.stringContaining('fails again') },
        ],
      },
    ]);
    expect(Date.parse(plans[0].redrivableUntil) - Date.now()).toBeGreaterThan(13 * 86_400_000);
  });

  test('goes on for real where it failed, and --follow ends with the outcome', async () => {
    await mbc('start', 'broken', '--name', 'again', '--input', '{"why":"shut"}', '--follow');
    const before = (await json('history', 'again')).events.length;
    const redriven = await mbc('redrive', 'again', '--follow');
    expect(redriven.code).toBe(1);
    expect(redriven.stdout).toMatch(/execution {2}FAILED: shut \(Rejected\)\n$/);
    const after = (await json('history', 'again')).events.slice(before) as { type: string }[];
    expect(after[0]?.type).toBe('ExecutionRedriven');
    // The branch that succeeded is not done again.
    expect(after.map(({ type }) => type)).not.toContain('PassStateEntered');
    expect(await json('show', 'again')).toMatchObject({ status: 'FAILED', failure: { message: 'shut' } });
  });

  test.each([
    ['stop', '--machine', 'slow', '--limit', 'all'],
    ['redrive', '--machine', 'broken', '--limit', '0', '--plan'],
    ['stop', '--machine', 'slow', '--older-than', 'long'],
    ['list', '--limit', '1.5'],
  ])('%s %s %s %s %s: a value that is none is refused, and nothing is done', async (...line) => {
    expect(errorOf(await mbc(...line, '-o', 'json'))).toMatchObject({
      exitCode: 2,
      where: line.find((word) => ['--limit', '--older-than'].includes(word)),
    });
    expect(await json('show', 'hangs')).toMatchObject({ status: 'RUNNING' });
  });

  test('where nothing is left to follow, -o json and ndjson say why', async () => {
    await mbc('start', 'slow', '--name', 'hangs-too');
    const redrive = (form: string) => mbc('redrive', 'hangs', 'hangs-too', '--follow', '-o', form);
    const { code, stdout } = await redrive('ndjson');
    expect(code).not.toBe(0);
    const lines = stdout.trimEnd().split('\n');
    const documents = lines.map((line) => JSON.parse(line));
    expect(documents.map(({ error }) => error.code)).toEqual(Array(2).fill('ExecutionNotRedrivable'));
    expect(JSON.parse((await redrive('json')).stdout)).toEqual({ executions: documents });
    await mbc('stop', 'hangs-too');
  });

  test('what runs is not redriven: exit 5, with the reason of AWS', async () => {
    const refused = await mbc('redrive', 'hangs', '-o', 'json');
    expect(errorOf(refused)).toMatchObject({ exitCode: 5, code: 'ExecutionNotRedrivable' });
    expect(errorOf(refused).message).toContain('RUNNING');
  });

  test('rerun: the same input, another name; --edit changes it', async () => {
    const again = await mbc('rerun', 'broken-1', '--follow');
    expect(again.code).toBe(1);
    const { stdout: arn, stderr } = await mbc('rerun', 'broken-1');
    expect(arn).toMatch(/^arn:\S+\n$/);
    expect(stderr).not.toContain(arn.trim());
    const editor = `${process.execPath} ${join(cwd, 'edit.cjs')}`;
    writeFileSync(join(cwd, 'edit.cjs'), `require('fs').writeFileSync(process.argv[2], '{"why":"edited"}')`);
    const edited = await run(['rerun', 'broken-1', '--edit', '--name', 'edited', '--follow'], {
      cwd,
      env: { EDITOR: editor },
    });
    expect(edited.stdout).toContain('edited');
    expect((await json('show', 'edited')).failure.message).toBe('edited');
  });

  test('stop by filter, then nothing is left to stop', async () => {
    expect(await json('stop', '--machine', 'slow', '-n')).toMatchObject({ dryRun: true });
    const { executions } = await json('stop', '--machine', 'slow', '--match', 'r-hangs', '--cause', 'enough');
    expect(executions).toMatchObject([{ status: 'ABORTED' }]);
    expect(await json('show', 'hangs')).toMatchObject({ status: 'ABORTED', failure: { cause: 'enough' } });
    expect((await mbc('stop', '--machine', 'slow')).code).toBe(3);
    expect((await mbc('stop', 'hangs')).code).toBe(5);
    expect((await mbc('stop')).code).toBe(2);
  });

  test('a local execution is opened in the UI that dev serves', async () => {
    const opened = await mbc('open', 'broken-1');
    expect([opened.code, opened.stdout]).toEqual([
      0,
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/executions\/arn.*broken-1\n$/),
    ]);
  });
});
