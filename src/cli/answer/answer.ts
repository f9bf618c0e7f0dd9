import { type ExitCode, exitCodes, FlowError, worstExitCode } from '../../errors.js';
import type { Json } from '../../json/json.js';
import { answeredInRun, runId } from '../../operations/answer/answer-run.js';
import type { PreparedAnswer } from '../../operations/answer/prepare-answer.js';
import type { Answering } from '../../operations/answer/send-answer.js';
import { sendAnswer } from '../../operations/answer/send-answer.js';
import { sideBySide } from '../../operations/pace/concurrently.js';
import type { AuditLine } from '../../ports/audit-log.js';
import type { Wait } from '../../ports/waits.js';
import * as views from '../../views/answer/answers.js';
import { answerDocument, answeredLine, questionLines } from '../../views/answer/answers.js';
import type { Decision } from '../../workflow/answer/answers.js';
import type { Context } from '../shell/context.js';
import { wouldChange } from '../shell/dry-run.js';
import { interrupted } from '../shell/interrupted.js';
import { howItGoesOn } from '../shell/leaving.js';
import type { Target } from '../shell/target.js';
import { badUsage, find, type Item, type Meant, prepared, resolving, whatIsMeant } from './meant.js';
import { readToken, sendBlindly, taskOfToken } from './token.js';

/** Answers on their way at the same time. */
const AT_ONCE = 8;
/** Named before the question; of more, the count. */
const MOST_LISTED = 20;

/** Runs an answering command: finds what is meant, shows the effect, asks, sends, proves. */
export async function answer(
  context: Context,
  references: string[],
  options: Record<string, unknown>,
  decision: Decision,
): Promise<ExitCode> {
  const token = options.tokenStdin === true ? await readToken(context) : undefined;
  if (token && options.execution === undefined && options.force !== true) throw tokenAlone();
  const meant: Meant = token ? { kind: 'one' } : await whatIsMeant(context, references, options);
  const target = await context.connect({ changes: true });
  if (token && options.execution === undefined) return await sendBlindly(context, target, token, decision);
  const search = await resolving(context, target, options);
  const by = await target.callerArn();
  const around: Answering = {
    states: target.gateways.states,
    audit: context.audit,
    target: target.name,
    verb: decision.verb,
    by,
    run: await runOf(meant, target, options, decision),
    clock: context.clock,
    pollMilliseconds: target.pollMilliseconds,
  };
  const done = await answeredBefore(context, meant, around, options.again === true);
  const left =
    meant.kind === 'many' ? { ...meant, requestIds: meant.requestIds.filter((id) => !done.has(id)) } : meant;
  const found = token
    ? [{ task: await taskOfToken(target, token, search.executionArn ?? '', search) }]
    : await find(context, target, left, search);
  const items = await prepared(context, target, found, decision, { by, force: options.force === true });
  if (meant.kind === 'one') return await answerOne(context, target, items, around);
  return await answerMany(context, target, items, around, done);
}

const tokenAlone = (): FlowError =>
  new FlowError(exitCodes.usage, 'UncheckedToken', 'a token alone says nothing of the step that it answers', {
    where: '--token-stdin',
    hint: 'with --execution it is checked and its effect proven; --force sends it unseen',
  });

async function runOf(
  meant: Meant,
  target: Target,
  { answer: _, again: __, ...options }: Record<string, unknown>,
  decision: Decision,
): Promise<string | undefined> {
  if (meant.kind !== 'many') return undefined;
  const where = await target.describe();
  return runId(where, meant.requestIds, decision as unknown as Json, options as unknown as Json);
}

async function answerOne(
  context: Context,
  target: Target,
  [item]: Item[],
  around: Answering,
): Promise<ExitCode> {
  if (!item?.ready) throw item?.error ?? badUsage('nothing waits');
  const { ready } = item;
  for (const line of questionLines(ready, context.clock.now())) context.err.notice(line);
  const name = item.requestId ?? ready.task.requestId ?? ready.task.execution.name;
  const change = `${around.verb} ${name} (${ready.task.stateName})`;
  if (context.dryRun) return await wouldAnswer(context, target, change, [item]);
  await target.confirm(change, { ask: true });
  const result = await context.waits.during(waitForProof(ready), () => sendAnswer(ready, around));
  context.out.json(answerDocument(ready, result));
  context.out.line(answeredLine(around.verb, ready, result));
  if (result.outcome.execution === undefined)
    context.err.notice(await howItGoesOn(target, ready.task.execution.executionArn));
  return result.proven || ready.sending.type === 'heartbeat' ? exitCodes.ok : exitCodes.failed;
}

const waitForProof = ({ task }: PreparedAnswer): Wait => ({
  on: `the history to show the answer to ${task.stateName}`,
  missing: `the answer was sent; mbc-flow show ${task.execution.name} tells what came of it`,
});

async function wouldAnswer(
  context: Context,
  target: Target,
  change: string,
  items: Item[],
): Promise<ExitCode> {
  const nothing = { proven: false, outcome: { how: 'open', exited: false, retried: false } } as const;
  const ready = items.flatMap((item) => item.ready ?? []);
  const results = ready.map((one) => ({
    dryRun: true,
    ...answerDocument(one, nothing),
    nextState: one.rehearsal?.entered[0] ?? null,
  }));
  await wouldChange(context, target, change, (items.length === 1 && results[0]) || { results });
  return worstExitCode(items.flatMap(({ error }) => error?.exitCode ?? []));
}

/** What the same line has answered before it was broken off. */
async function answeredBefore(
  context: Context,
  meant: Meant,
  around: Answering,
  again: boolean,
): Promise<Map<string, AuditLine>> {
  if (around.run === undefined || meant.kind !== 'many' || again) return new Map();
  return await answeredInRun(around.run, meant.requestIds, { ...around, now: context.clock.now });
}

async function answerMany(
  context: Context,
  target: Target,
  items: Item[],
  around: Answering,
  done: Map<string, AuditLine>,
): Promise<ExitCode> {
  const ready = items.filter((item) => item.ready);
  const machines = new Set(ready.map(({ ready: one }) => one && views.machineName(one.task)));
  const change = `${around.verb} ${ready.length} paused step${ready.length === 1 ? '' : 's'} of ${[...machines].join(', ') || 'no machine'}`;
  if (done.size > 0)
    context.err.notice(
      `${done.size} were answered before this command was broken off; --again answers all anew.`,
    );
  const refused = items.flatMap(({ requestId, error }) => (error ? [{ requestId, error }] : []));
  // Before the question: whoever says yes knows of what.
  for (const { requestId, error } of refused) context.err.notice(`  ${views.refusedLine(requestId, error)}`);
  for (const { ready: one } of ready.slice(0, MOST_LISTED))
    if (one) context.err.notice(views.listedLine(one, context.clock.now()));
  if (ready.length > MOST_LISTED) context.err.notice(`  and ${ready.length - MOST_LISTED} more`);
  if (context.dryRun) return await wouldAnswer(context, target, change, items);
  if (ready.length > 0) await target.confirm(change, { ask: true, several: ready.length > 1 });

  const documents: unknown[] = [];
  const codes: ExitCode[] = [];
  const counts = { answered: done.size, unproven: 0, refused: 0 };
  const tell = (document: unknown, line: string): void => {
    documents.push(document);
    if (context.output === 'ndjson') context.out.json(document);
    context.out.line(line);
  };
  const refuse = ({ requestId, ready: one }: Item, error: FlowError): void => {
    codes.push(error.exitCode);
    counts.refused += 1;
    const id = requestId ?? one?.task.requestId;
    tell(
      views.refusedDocument(id, error),
      views.refusedLine(id ?? one?.task.execution.name, error, 'not answered: '),
    );
  };
  for (const [requestId, { executionArn, stateName }] of done)
    tell(
      { requestId, executionArn, stateName, proven: true, before: true },
      views.answeredBeforeLine(requestId),
    );
  for (const item of items) if (item.error) refuse(item, item.error);
  await sideBySide(ready, AT_ONCE, async (item) => {
    const { ready: one } = item;
    // What is on its way is brought to its end; nothing new is begun.
    if (!one || context.signal.aborted) return;
    try {
      const result = await context.waits.during(waitForProof(one), () => sendAnswer(one, around));
      const proven = result.proven || one.sending.type === 'heartbeat';
      counts[proven ? 'answered' : 'unproven'] += 1;
      if (!proven) codes.push(exitCodes.failed);
      tell(views.answerDocument(one, result), views.answeredLine(around.verb, one, result));
    } catch (error) {
      if (!(error instanceof FlowError)) throw error;
      refuse(item, error);
    }
  });
  if (context.output === 'json') context.out.json({ results: documents });
  const asked = items.length + done.size;
  const untouched = asked - counts.answered - counts.unproven - counts.refused;
  const summary = views.countsLine({ asked, ...counts, left: untouched });
  if (untouched > 0 && context.signal.aborted)
    throw interrupted(context, `Interrupted: ${summary}`, 'the same command again goes on with the others', {
      ...counts,
      left: untouched,
    });
  context.err.notice(summary);
  return worstExitCode(codes);
}
