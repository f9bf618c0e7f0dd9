import { type ExitCode, exitCodes, FlowError, failedWith } from '../../errors.js';
import { lostBy } from '../../framework/lost.js';
import { executionParts } from '../../workflow/names/arn.js';
import type { Context } from '../shell/context.js';
import { hintReference } from '../shell/hint-reference.js';
import { calledNow, fateOf, type Leaving, leftRunning } from '../shell/interruption.js';
import type { Target } from '../shell/target.js';
import type { Followed } from './followed.js';

/** Of executions that have ended: the exit code, and where to read why. One that lost items did not end well. */
export async function outcome(context: Context, target: Target, followed: Followed[]): Promise<ExitCode> {
  const bad = followed.filter(
    ({ model, mapRuns }) => model?.status !== 'SUCCEEDED' || lostBy(model, mapRuns),
  );
  for (const { executionArn, reference } of bad) {
    const called = hintReference(await calledNow(target, executionArn, reference), target);
    context.err.notice(`Why, and what to type next: mbc-flow show ${called}`);
  }
  return bad.length > 0 ? exitCodes.failed : exitCodes.ok;
}

/** A watch that can't look any more (expired credentials, no network, throttled for long) ends nothing but itself. */
export const outOfSight =
  (target: Target, references: string[]) =>
  (error: unknown): never => {
    const lost = failedWith(error, exitCodes.denied, exitCodes.unreachable);
    if (!lost) throw error;
    const { exitCode, code, message, where, hint, details, cause } = error;
    const again = `mbc-flow watch ${references.map((one) => hintReference(one, target, false)).join(' ')}${target.flagsForHints}`;
    // A line that brings the target back comes before ours; other advice is part of the message.
    const first = hint !== undefined && /^aws /.test(hint) ? `${hint} && ` : '';
    const advice = hint === undefined || first !== '' ? '' : ` (${hint})`;
    throw new FlowError(exitCode, code, `${message}${advice}. ${fateOf(target, references.length)}`, {
      where,
      hint: first + again,
      details,
      cause,
    });
  };

/** Leaving is no error of anyone: it says what goes on without us and how to come back. */
export async function stillRunning(
  target: Target,
  followed: Followed[],
  leaving: Leaving,
): Promise<FlowError> {
  const running = followed.filter(({ model }) => !model || model.status === 'RUNNING');
  const names = running
    .map(({ executionArn }) => executionParts(executionArn).name ?? executionArn)
    .join(', ');
  const again: string[] = [];
  for (const { executionArn, reference } of running)
    again.push(hintReference(await calledNow(target, executionArn, reference), target, false));
  return leftRunning(
    leaving,
    target,
    `Not ended yet: ${names}.`,
    `mbc-flow watch ${again.join(' ')}${target.flagsForHints}`,
    { count: running.length, details: { executionArns: running.map((one) => one.executionArn) } },
  );
}
