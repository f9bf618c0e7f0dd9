import { expect, test } from 'vitest';
import { exitCodes, FlowError } from '../../../src/errors.js';
import type { Answering } from '../../../src/operations/answer/answer-context.js';
import type { AnswerPlan, ReadyAnswer } from '../../../src/operations/answer/plan-answers.js';
import { type AnswerEvent, sendAnswers } from '../../../src/operations/answer/send-answers.js';
import type { AuditLine } from '../../../src/ports/audit-log.js';
import { TaskToken } from '../../../src/workflow/answer/task-token.js';

const kept = (requestId: string): ReadyAnswer =>
  ({
    requestId,
    task: {
      requestId,
      stateName: 'W',
      scheduledId: 2,
      execution: { executionArn: requestId, name: requestId },
    },
    token: new TaskToken(requestId),
    sending: { type: 'heartbeat' },
  }) as unknown as ReadyAnswer;

const ids = Array.from({ length: 20 }, (_, n) => `r-${n}`);
const refused = new FlowError(exitCodes.notFound, 'RequestNotFound', 'nothing waits with it');
const plan = (more: Partial<AnswerPlan> = {}): AnswerPlan => ({
  one: false,
  before: new Map(),
  ready: ids.map(kept),
  refused: [],
  ...more,
});

/** @param send is told which one is sent */
function answering(send: (token: string) => void) {
  const leaving = new AbortController();
  const notes: AuditLine[] = [];
  const around = {
    decision: { verb: 'heartbeat' },
    by: 'me',
    target: 'local',
    states: { sendTaskHeartbeat: async (token: string) => send(token) },
    audit: { append: async (line: AuditLine) => void notes.push(line) },
    clock: { now: () => 0 },
    waits: { during: <T>(_: unknown, work: () => Promise<T>) => work() },
    signal: leaving.signal,
  } as unknown as Answering;
  return { around, leaving, notes };
}

async function eventsOf(plan: AnswerPlan, around: Answering): Promise<AnswerEvent[]> {
  const events: AnswerEvent[] = [];
  for await (const event of sendAnswers(plan, around)) events.push(event);
  return events;
}

test('what was answered before, what is refused and what is sent: told of each, and the counts add up', async () => {
  const { around } = answering((token) => {
    if (token === 'r-3') throw new FlowError(exitCodes.denied, 'Denied', 'you may not');
  });
  const line = { executionArn: 'e', stateName: 'W' } as AuditLine;
  const events = await eventsOf(
    plan({ before: new Map([['old', line]]), refused: [{ requestId: 'none', error: refused }] }),
    around,
  );
  expect(events.slice(0, 2)).toMatchObject([
    { type: 'before', requestId: 'old' },
    { type: 'refused', requestId: 'none', error: refused },
  ]);
  expect(events.filter(({ type }) => type === 'refused').at(-1)).toMatchObject({ name: 'r-3' });
  expect(events.at(-1)).toEqual({
    type: 'end',
    counts: { asked: 22, answered: 20, unproven: 0, refused: 2, left: 0 },
    exitCode: exitCodes.denied,
  });
});

test('an answer before this one that was on its way, and has arrived, is noted as proven', async () => {
  const { around, notes } = answering(() => {});
  const before = new Map(
    (['sending', 'proven'] as const).map((outcome) => [outcome, { id: outcome, outcome } as AuditLine]),
  );
  await eventsOf(plan({ before, ready: [] }), around);
  expect(notes).toMatchObject([{ id: 'sending', outcome: 'proven' }]);
});

test('a signal: what is on its way is brought to its end, nothing new is begun', async () => {
  const sent: string[] = [];
  const { around, leaving } = answering((token) => {
    sent.push(token);
    if (token === 'r-2') leaving.abort();
  });
  const end = (await eventsOf(plan(), around)).at(-1);
  expect(sent.length).toBeLessThan(ids.length);
  expect(end).toMatchObject({
    counts: { asked: 20, answered: sent.length, refused: 0, left: ids.length - sent.length },
  });
});

test('where one is meant, its failure is that of the command', async () => {
  const { around } = answering(() => {
    throw refused;
  });
  await expect(eventsOf(plan({ one: true, ready: [kept('r-1')] }), around)).rejects.toBe(refused);
});
