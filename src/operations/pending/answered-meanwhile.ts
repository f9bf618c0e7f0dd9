import { exitCodes, FlowError } from '../../errors.js';
import { isObject, type Json } from '../../json/json.js';
import type { AuditLog } from '../../ports/audit-log.js';
import type { TaskOutcome } from '../../workflow/answer/task-outcome.js';
import { redactTokens } from '../../workflow/history/redact.js';

interface Step {
  stateName: string;
  scheduledId: number;
  requestId?: string;
  execution: { executionArn: string };
}

/** What happened to a step that does not wait any more: when, with what, and by whom where that is known. */
export async function tellMeanwhile(step: Step, outcome: TaskOutcome, audit: AuditLog): Promise<FlowError> {
  const { execution, stateName, requestId } = step;
  const who = (await callerInAudit(step, audit)) ?? byInAnswer(outcome);
  const when = outcome.at === undefined ? '' : ` at ${new Date(outcome.at).toISOString()}`;
  const whom = who === undefined ? '' : ` by ${who}`;
  const ended = outcome.execution ? `; the execution has ended ${outcome.execution.status}` : '';
  const then = outcome.nextState === undefined ? ended : `; it went on to ${outcome.nextState}${ended}`;
  const again = outcome.retried ? '; it waits again, with a new token' : '';
  const [code, what] = (
    {
      succeeded: ['AlreadyAnswered', `was answered${when}${whom} with ${shown(outcome.output)}`],
      failed: [
        'AlreadyAnswered',
        `was failed${when}${whom} with ${outcome.error ?? 'no error'}: ${shown(outcome.cause)}`,
      ],
      timedOut: ['TimedOut', `timed out${when}`],
      ended: ['ExecutionEnded', `is gone: its execution ended ${outcome.execution?.status ?? ''}${when}`],
      open: ['AlreadyAnswered', 'does not take this token any more; its history does not show why yet'],
    } as const
  )[outcome.how];
  const name = requestId === undefined ? stateName : `${requestId} (${stateName})`;
  return new FlowError(
    exitCodes.conflict,
    code,
    `${name} ${what}${outcome.how === 'ended' ? '' : then}${again}`,
    {
      where: execution.executionArn,
      hint: outcome.retried
        ? 'the same command again answers the new wait'
        : `mbc-flow show ${execution.executionArn}`,
      details: { requestId, executionArn: execution.executionArn, stateName, outcome: outcome.how },
    },
  );
}

async function callerInAudit({ execution, scheduledId }: Step, audit: AuditLog): Promise<string | undefined> {
  let caller: string | undefined;
  for await (const line of audit.read()) {
    const same = line.executionArn === execution.executionArn && line.scheduledId === scheduledId;
    if (same && (line.outcome === 'proven' || line.outcome === 'sent') && line.verb !== 'heartbeat')
      caller = line.caller;
  }
  return caller;
}

/** Our own answers say who gave them. */
function byInAnswer({ output, cause }: TaskOutcome): string | undefined {
  for (const text of [output, cause]) {
    const by = text === undefined ? undefined : whoIn(text);
    if (by !== undefined) return by;
  }
  return undefined;
}

function whoIn(text: string): string | undefined {
  try {
    let json = JSON.parse(text) as Json | undefined;
    while (isObject(json) && json.Payload !== undefined) json = json.Payload;
    while (Array.isArray(json)) [json] = json;
    return isObject(json) && typeof json.by === 'string' ? json.by : undefined;
  } catch {
    return undefined;
  }
}

const shown = (text: string | undefined): string => {
  const safe = redactTokens(text ?? 'nothing');
  return safe.length > 300 ? `${safe.slice(0, 300)}…` : safe;
};
