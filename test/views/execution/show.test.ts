import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { showLines } from '../../../src/views/execution/show.js';
import { executionDocument } from '../../../src/views/execution/show-document.js';
import { changeDocument, changeLine } from '../../../src/views/watch/lines.js';
import { createModel } from '../../../src/workflow/history/execution-model.js';
import { applyEvents } from '../../../src/workflow/history/fold.js';
import {
  executionArn,
  failed,
  fold,
  importing,
  mapRun,
  mapRunArn,
  paused,
  start,
  stateMachineArn,
} from '../sample.js';

const shown = (history: ReturnType<typeof paused>, mapRuns = [mapRun(45_000, 3)]) => ({
  executionArn,
  stateMachineArn,
  name: '商品-取込-1',
  model: fold(history),
  mapRuns,
});
const page = (history: ReturnType<typeof paused>, columns = 80) =>
  showLines(shown(history, []), {
    now: start + 60_000,
    columns,
    color: false,
    reference: '@last',
    flagsForHints: ' --target dev',
  });

describe('the page', () => {
  test('of a failure: cause, frame, request, next command; the token is struck out', () => {
    const text = page(failed()).join('\n');
    expect(text).toContain('✖ FAILED  商品-取込-1');
    expect(text).toContain('Failed in check_version\n  版が古い');
    expect(text).toContain('Command.check (/var/task/dist/command.js:10:5)');
    expect(text).toContain('0b0f2c8e');
    expect(text).toContain('mbc-flow show @last --target dev -o json');
    expect(text).not.toContain('secret');
  });

  test('of a failed child of a map run, which is named once', () => {
    const child = executionArn.replace('商品-取込-1', 'child-1');
    const status = 'FAILED' as const;
    const startDate = new Date(start);
    const examples = [{ executionArn: child, stateMachineArn, name: 'child-1', status, startDate }];
    const groups = [{ reason: 'TooBig', kind: 'transient' as const, count: 1, examples }];
    const all = { ...shown(failed(), []), mapRunFailures: [{ mapRunArn, looked: 1, groups }] };
    const nexts = (of: Parameters<typeof showLines>[0]): number =>
      showLines(of, { now: start, columns: 80, color: false }).filter((line) =>
        /mbc-flow show .*child-1/.test(line),
      ).length;
    expect(nexts(all)).toBe(1);
    expect(nexts({ ...all, root: { executionArn: child } })).toBe(1);
  });

  test('of a pause: where it stands and what it waits on', () => {
    const text = page(paused(), 100).join('\n');
    expect(text).toMatch(
      /Stands at\n {2}◦ 上長の承認を待つ +for 57 s {2}waits on a task token \(request r-1\)/,
    );
    expect(text).toContain('mbc-flow watch @last --target dev');
  });

  test('fits the terminal, but for ARNs and commands, which are for copying', () => {
    for (const history of [importing(), paused(), failed()]) {
      for (const line of page(history, 60))
        if (!/arn:|mbc-flow/.test(line)) expect(stringWidth(line)).toBeLessThanOrEqual(60);
    }
  });
});

describe('the document', () => {
  test('of a pause', () => {
    expect(executionDocument(shown(paused()))).toMatchObject({
      executionArn,
      stateMachineArn,
      name: '商品-取込-1',
      status: 'RUNNING',
      startDate: '2026-11-24T03:00:00.000Z',
      stopDate: null,
      current: [
        { stateName: '上長の承認を待つ', since: '2026-11-24T03:00:03.000Z' },
        { stateName: 'notify', attempt: 1 },
      ],
      failure: null,
      openTokens: [{ stateName: '上長の承認を待つ', requestId: 'r-1', since: '2026-11-24T03:00:04.000Z' }],
      mapRuns: [],
    });
  });

  test('of a failure, without the token', () => {
    const document = executionDocument(shown(failed()));
    expect(document).toMatchObject({
      status: 'FAILED',
      stopDate: '2026-11-24T03:00:04.000Z',
      current: [],
      failure: {
        stateName: 'check_version',
        error: 'Runtime.UnhandledPromiseRejection',
        message: '版が古い',
        type: 'Error',
        requestId: '0b0f2c8e',
      },
    });
    expect(JSON.stringify(document)).not.toContain('secret');
  });

  test('of a map run, with its counts', () => {
    expect(executionDocument(shown(importing())).mapRuns).toMatchObject([
      {
        mapRunArn,
        stateName: 'csv_rows_handler',
        status: 'RUNNING',
        itemCounts: { succeeded: 45_000, failed: 3 },
      },
    ]);
  });

  test('of a history whose times are unknown', () => {
    const events = paused().map((event) => ({ ...event, timestamp: Number.NaN }));
    expect(executionDocument({ model: fold(events), mapRuns: [] })).toMatchObject({
      startDate: null,
      current: [{ since: null }, {}],
    });
  });
});

test('one line a change, and one object a change', () => {
  const changes = applyEvents(createModel(), paused());
  expect(changes.map((change) => changeLine(change, { utc: true }))).toEqual([
    '2026-11-24T03:00:00.000Z  execution  RUNNING',
    '2026-11-24T03:00:01.000Z  承認と通知  entered',
    '2026-11-24T03:00:03.000Z  上長の承認を待つ  entered',
    '2026-11-24T03:00:04.000Z  上長の承認を待つ  waits on a task token (request r-1)',
    '2026-11-24T03:00:05.000Z  notify  entered',
    '2026-11-24T03:00:07.000Z  notify  failed: メールサーバーに届きません (Error)',
  ]);
  const waiting = changes[3];
  expect(waiting && changeDocument(executionArn, waiting)).toEqual({
    type: 'state',
    timestamp: '2026-11-24T03:00:04.000Z',
    executionArn,
    stateName: '上長の承認を待つ',
    status: 'waiting',
    requestId: 'r-1',
  });
});
