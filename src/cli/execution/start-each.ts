import { type ExitCode, exitCodes, FlowError, worstExitCode } from '../../errors.js';
import { openSource, spooledSource } from '../../files/open-source.js';
import { jsonErrorOffset } from '../../json/source.js';
import { checkFor, describeToStart } from '../../operations/execution/check-input.js';
import type { EachResult } from '../../operations/execution/start-each.js';
import * as operation from '../../operations/execution/start-each.js';
import { checkEach } from '../../operations/execution/start-each.js';
import type { FileSource } from '../../ports/file-source.js';
import type { EachTally } from '../../views/execution/start-each.js';
import * as views from '../../views/execution/start-each.js';
import { machineName } from '../../workflow/names/arn.js';
import type { Context } from '../shell/context.js';
import { wouldChange } from '../shell/dry-run.js';
import { countOf } from '../shell/flag-values.js';
import { interrupted, leavingBy } from '../shell/interrupted.js';
import { leftRunning } from '../shell/leaving.js';
import type { Target } from '../shell/target.js';

interface Order {
  machine: string;
  file: string;
  /** What all names begin with. */
  name?: string;
  check: boolean;
  follow: boolean;
}

/** `start --each`: reads the inputs twice, first to check them all, then to start them. */
export async function startEach(
  context: Context,
  order: Order,
  options: Record<string, unknown>,
): Promise<ExitCode> {
  const rate = options.rate === undefined ? undefined : rateOf(String(options.rate));
  const atOnce = countOf(options.parallel, '--parallel');
  const label = order.name ?? 'each';
  const source =
    order.file === '-'
      ? await spooledSource(context.stdin, 'stdin.ndjson', context.onClose)
      : await openSource(context.cwd, order.file);
  const target = await context.connect({ changes: true });
  const stateMachineArn = await target.machineArn(order.machine);
  const { count: total, stamp } = await checked(context, target, stateMachineArn, source, {
    label,
    check: order.check,
  });
  const change = `start ${machineName(stateMachineArn)} for each of ${total} inputs of ${source.path}, as ${label}-…`;
  if (context.dryRun) return await wouldChange(context, target, change, { stateMachineArn, inputs: total });
  await target.confirm(change, { ask: true });
  const told = telling(context, total, order.follow, views);
  try {
    await operation.startEach(
      { stateMachineArn, label, source, stamp, follow: order.follow, atOnce, rate },
      {
        states: target.gateways.states,
        clock: context.clock,
        pollMilliseconds: target.pollMilliseconds,
        signal: context.signal,
        onStarted: told.started,
        onResult: told.result,
      },
    );
  } catch (error) {
    if (!context.signal.aborted) throw resumable(error, told.tally);
  } finally {
    context.err.progress('');
    if (told.last !== undefined) await target.rememberExecution(told.last);
  }
  if (context.signal.aborted && !told.complete()) throw leftOver(context, target, told.tally);
  told.end();
  return worstExitCode(told.codes);
}

/** `20`, `20/s`, `0.5/s`: a second. */
function rateOf(text: string): number {
  const rate = Number(/^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(text.trim())?.[1]);
  if (rate > 0) return rate;
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${text}' is no number of starts a second`, {
    where: '--rate',
    hint: '--rate 20/s',
  });
}

async function checked(
  context: Context,
  target: Target,
  stateMachineArn: string,
  source: FileSource,
  { label, check }: { label: string; check: boolean },
): Promise<{ count: number; stamp: string }> {
  const machine = await describeToStart(target.gateways.states, stateMachineArn);
  if (machine?.type === 'EXPRESS') {
    throw new FlowError(
      exitCodes.usage,
      'ExpressMachine',
      'executions of an EXPRESS machine have no names that are given but once: an input could be started twice',
      { where: stateMachineArn, hint: 'mbc-flow start <machine> --input …, one by one' },
    );
  }
  const input = check ? checkFor(stateMachineArn, machine, context.evaluate) : async () => undefined;
  const checking = {
    label,
    input,
    errorOffset: jsonErrorOffset,
    now: context.clock.now(),
    signal: context.signal,
  };
  const found = await checkEach(source, checking, (inputs) => {
    if (inputs % 1000 === 0) context.err.progress(`checking ${source.path}  ${inputs} inputs`);
  });
  context.err.progress('');
  if (context.signal.aborted) throw interrupted(context, 'Nothing was changed.');
  return found;
}

/** Tells each result as it comes, and all of them at the end. */
function telling(
  context: Context,
  total: number,
  followed: boolean,
  { eachDocument, eachLine, eachSummary }: typeof import('../../views/execution/start-each.js'),
) {
  const tally: EachTally = { total, started: 0, former: 0, notStarted: 0, succeeded: 0, failed: 0 };
  const codes = new Set<ExitCode>();
  const documents: object[] = [];
  const told = {
    tally,
    last: undefined as string | undefined,
    get codes(): ExitCode[] {
      return [...codes];
    },
    started({ executionArn, former }: EachResult): void {
      told.last = executionArn;
      tally[former ? 'former' : 'started']++;
      context.err.progress(eachSummary(tally, followed));
    },
    result(result: EachResult): void {
      const { error, ended } = result;
      if (error) {
        codes.add(error.exitCode);
        tally.notStarted++;
      } else if (ended) {
        const good = ended.status === 'SUCCEEDED';
        if (!good) codes.add(exitCodes.failed);
        tally[good ? 'succeeded' : 'failed']++;
      }
      if (context.output === 'ndjson') context.out.json(eachDocument(result));
      if (context.output === 'json') documents.push(eachDocument(result));
      context.out.line(eachLine(result, context.terminal.color));
      context.err.progress(eachSummary(tally, followed));
    },
    /** Nothing is left to start, or to follow. */
    complete(): boolean {
      const { started, former, notStarted, succeeded, failed } = tally;
      return (followed ? succeeded + failed : started + former) + notStarted === total;
    },
    end(): void {
      if (context.output === 'json') context.out.json({ inputs: tally, results: documents });
      context.err.notice(eachSummary(tally, followed));
    },
  };
  return told;
}

const goesOn = 'the same command line again goes on with the rest, and starts nothing twice';

function resumable(error: unknown, { total, started, former }: EachTally): unknown {
  if (!(error instanceof FlowError)) return error;
  const { exitCode, code, message, where, hint, cause } = error;
  const text = `${message} (${started + former} of ${total} inputs are started)`;
  const hints = [hint, goesOn].filter((one) => one !== undefined).join('; ');
  return new FlowError(exitCode, code, text, { where, hint: hints, cause });
}

function leftOver(context: Context, target: Target, tally: EachTally): FlowError {
  const { total, started, former } = tally;
  const count = started + former;
  const done = `${count} of ${total} inputs are started.`;
  const details = { inputs: tally };
  return count === 0
    ? interrupted(context, done, goesOn, details)
    : leftRunning(leavingBy(context.signal), target, done, goesOn, { count, details });
}
