import type { ExitCode, FlowError } from '../../errors.js';
import { openSource, spooledSource } from '../../files/open-source.js';
import { checkEach } from '../../operations/start/check-each.js';
import { refuseBadName } from '../../operations/start/execution-name.js';
import { type EachOrder, type EachTally, goesOn, startEach } from '../../operations/start/start-each.js';
import { eachDocument, eachLine, eachSummary } from '../../views/start/start-each.js';
import { machineName } from '../../workflow/names/arn.js';
import type { Context } from '../shell/context.js';
import { wouldChange } from '../shell/dry-run.js';
import { interrupted, leavingBy, leftRunning } from '../shell/interruption.js';
import type { Target } from '../shell/target.js';

interface Order extends Pick<EachOrder, 'follow' | 'atOnce' | 'rate'> {
  machine: string;
  file: string;
  /** What all names begin with. */
  name?: string;
  check: boolean;
}

/** `start --each`: reads the inputs twice, first to check them all, then to start them. */
export async function startForEach(context: Context, order: Order): Promise<ExitCode> {
  const { machine, file, name: label = 'each', check: trial, ...pace } = order;
  const source =
    file === '-'
      ? await spooledSource(context.stdin, 'stdin.ndjson', context.onClose)
      : await openSource(context.cwd, file);
  const target = await context.connect({ changes: true });
  const stateMachineArn = await target.machineArn(machine);
  refuseBadName(label);
  const each = { stateMachineArn, label, source };
  const { total, stamp } = await checkEach(
    { ...each, trial },
    {
      states: target.gateways.states,
      evaluate: context.evaluate,
      clock: context.clock,
      signal: context.signal,
      onProgress(inputs) {
        if (inputs % 1000 === 0) context.err.progress(`checking ${source.path}  ${inputs} inputs`);
      },
    },
  );
  context.err.progress('');
  if (context.signal.aborted) throw interrupted(context, 'Nothing was changed.');
  const change = `start ${machineName(stateMachineArn)} for each of ${total} inputs of ${source.path}, as ${label}-…`;
  if (context.dryRun) return await wouldChange(context, target, change, { stateMachineArn, inputs: total });
  await target.confirm(change, { ask: true });
  return await startAll(context, target, { ...each, stamp, total, ...pace });
}

async function startAll(context: Context, target: Target, order: EachOrder): Promise<ExitCode> {
  const { out, err, terminal, clock, signal } = context;
  const results = out.stream('results');
  const progress = (tally: EachTally): void => err.progress(eachSummary(tally, order.follow));
  let last: string | undefined;
  const started = startEach(order, {
    states: target.gateways.states,
    clock,
    pollMilliseconds: target.pollMilliseconds,
    signal,
    onStarted(executionArn, tally) {
      last = executionArn;
      progress(tally);
    },
    onResult(result, tally) {
      results.add(eachDocument(result), [eachLine(result, terminal.color)]);
      progress(tally);
    },
  });
  const { tally, code, left } = await started.finally(async () => {
    err.progress('');
    if (last !== undefined) await target.rememberExecution(last);
  });
  if (left) throw leftOver(context, target, tally);
  results.end({ inputs: tally });
  err.notice(eachSummary(tally, order.follow));
  return code;
}

function leftOver(context: Context, target: Target, tally: EachTally): FlowError {
  const { total, started, former } = tally;
  const count = started + former;
  const done = `${count} of ${total} inputs were started.`;
  const details = { inputs: tally };
  return count === 0
    ? interrupted(context, done, goesOn, details)
    : leftRunning(leavingBy(context.signal), target, done, goesOn, { count, details });
}
