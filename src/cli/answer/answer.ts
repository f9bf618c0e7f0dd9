import { type ExitCode, exitCodes } from '../../errors.js';
import type { Answering } from '../../operations/answer/answer-context.js';
import type { Meant } from '../../operations/answer/find-steps.js';
import { runId } from '../../operations/answer/interrupted-run.js';
import { type AnswerPlan, planAnswers } from '../../operations/answer/plan-answers.js';
import { type AnswerCounts, type AnswerEvent, sendAnswers } from '../../operations/answer/send-answers.js';
import * as views from '../../views/answer/answers.js';
import type { Decision } from '../../workflow/answer/approval-decision.js';
import type { Context } from '../shell/context.js';
import { withReach } from '../shell/hint-target-flags.js';
import { howItGoesOn, interrupted } from '../shell/interruption.js';
import type { DocumentStream } from '../shell/printer.js';
import type { Target } from '../shell/target.js';
import { answerUnseen } from './answer-by-token.js';
import { answeringOn } from './answer-context.js';
import type { AnswerOptions } from './options.js';
import { changeOf, tellPlan, wouldAnswer } from './question.js';
import { searching, searchOn, wantedOf } from './search-options.js';
import { whatIsMeant } from './which-steps.js';

/** Runs an answering command: finds what is meant, shows the effect, asks, sends, proves. */
export async function answer(
  context: Context,
  references: string[],
  options: AnswerOptions,
  decision: Decision,
): Promise<ExitCode> {
  const wanted = wantedOf(options);
  const meant = await whatIsMeant(context, references, options);
  const target = await context.connect({ changes: true });
  if (meant.kind === 'unseen')
    return await answerUnseen(context, target, meant.token, await answeringOn(context, target, decision, {}));
  // The execution that itself is meant does not narrow anything.
  const { execution, ...others } = options;
  const search = await searchOn(context, target, meant.kind === 'execution' ? others : options, wanted);
  const run = await runOf(meant, target, options, decision);
  const answering = await answeringOn(context, target, decision, { force: options.force, run });
  const { executionArn } = target;
  const finding = { search, executionArn, definitions: answering.definitions };
  const plan = await searching(context, () => planAnswers(meant, finding, answering, options.again));
  tellPlan(context, plan);
  if (context.dryRun) return await wouldAnswer(context, target, plan, decision.verb);
  const several = plan.ready.length > 1;
  if (plan.ready.length > 0)
    await target.confirm(changeOf(plan, decision.verb), { ask: true, ...(!plan.one && { several }) });
  return await sendAll(context, target, plan, answering);
}

/** Names an answer to many: the same command line again is the same run, whatever it says of --again. */
async function runOf(
  meant: Meant,
  target: Target,
  { from, execution, machine, state, match, deep, force }: AnswerOptions,
  decision: Decision,
): Promise<string | undefined> {
  if (meant.kind !== 'requests') return undefined;
  const options = { from, execution, machine, state, match, deep, force };
  return runId(await target.describe(), meant.requestIds, decision, options);
}

async function sendAll(
  context: Context,
  target: Target,
  plan: AnswerPlan,
  answering: Answering,
): Promise<ExitCode> {
  const results = context.out.stream('results');
  let exitCode: ExitCode = exitCodes.ok;
  for await (const event of sendAnswers(plan, answering)) {
    if (event.type !== 'end') {
      printAnswer(results, event, answering.decision.verb, target.flagsForHints);
      if (plan.one && event.type === 'answered' && event.result.outcome.execution === undefined)
        context.err.notice(await howItGoesOn(target, event.answer.task.execution.executionArn));
      continue;
    }
    results.end({}, { alone: plan.one });
    exitCode = event.exitCode;
    refuseLeft(context, event.counts);
    if (!plan.one) context.err.notice(views.countsLine(event.counts));
  }
  return exitCode;
}

function printAnswer(
  results: DocumentStream,
  event: Exclude<AnswerEvent, { type: 'end' }>,
  verb: string,
  flags: string,
) {
  switch (event.type) {
    case 'before':
      return results.add(views.beforeDocument(event), [views.beforeLine(event)]);
    case 'refused':
      return results.add(views.refusedDocument({ ...event, error: withReach(event.error, flags) }), [
        views.refusedLine(event.name, event.error, 'not answered: '),
      ]);
    case 'answered':
      return results.add(views.answerDocument(event.answer, event.result), [
        views.answeredLine(verb, event.answer, event.result),
      ]);
  }
}

/** @throws FlowError 130 or 143 where a signal left some of them as they were */
function refuseLeft(context: Context, counts: AnswerCounts): void {
  const { asked: _, ...rest } = counts;
  if (counts.left === 0 || !context.signal.aborted) return;
  throw interrupted(
    context,
    `Interrupted: ${views.countsLine(counts)}`,
    'the same command again goes on with the others',
    rest,
  );
}
