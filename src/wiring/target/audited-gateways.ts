import { randomUUID } from 'node:crypto';
import { exitCodes, FlowError, worstExitCode } from '../../errors.js';
import type { AuditLine, AuditLog } from '../../ports/audit-log.js';
import type { AuditEntry, AuditTrail } from '../../ports/audit-trail.js';
import type { Gateways } from '../../ports/aws.js';

export interface Audited {
  /** Before anything is asked or changed. @throws FlowError where the trail can't be written: nothing may be changed */
  check(): Promise<void>;
  /** The same gateways; each call that changes something is recorded. */
  gateways(gateways: Gateways): Gateways;
  /** The same log of answers; each answer is recorded as well. */
  answers(log: AuditLog): AuditLog;
  /** Entries that could not be written though their changes were made. */
  fault(): FlowError | undefined;
}

interface Auditing {
  trail: AuditTrail;
  target: string;
  region: string;
  verb: string;
  caller(): Promise<{ account: string; arn: string }>;
  now(): number;
  /** Where an entry goes that the trail did not take; returns that file. */
  keep(entry: AuditEntry): Promise<string>;
}

type Change = Pick<AuditEntry, 'action' | 'executionArn' | 'stateMachineArn' | 'functionName'>;

/** Records what one run of a command changes. What can't be recorded is not begun; what was done is never undone by it. */
export function createAudited({ trail, keep, caller, now, ...fixed }: Auditing): Audited {
  const faults: { error: FlowError; kept: string }[] = [];
  let checked: Promise<void> | undefined;
  const check = (): Promise<void> => {
    checked ??= trail.check();
    // Who goes on for long asks again after a failure.
    checked.catch(() => {
      checked = undefined;
    });
    return checked;
  };
  const append = async (entry: AuditEntry): Promise<void> => {
    try {
      await trail.append(entry);
    } catch (error) {
      faults.push({ error: error as FlowError, kept: await keep(entry) });
    }
  };
  const record = async <T>(
    change: Change,
    act: () => Promise<T>,
    result: (value: T) => Partial<AuditEntry> = () => ({}),
  ): Promise<T> => {
    await check();
    const { account, arn } = await caller();
    const tell = (outcome: AuditEntry['outcome'], more: Partial<AuditEntry>) =>
      append({
        id: randomUUID(),
        time: new Date(now()).toISOString(),
        ...fixed,
        account,
        caller: arn,
        ...change,
        ...more,
        outcome,
      });
    let value: T;
    try {
      value = await act();
    } catch (error) {
      const { code, exitCode } = error as FlowError;
      await tell(exitCode === exitCodes.conflict ? 'conflict' : 'failed', { error: code });
      throw error;
    }
    await tell('done', result(value));
    return value;
  };
  const arnOf = ({ executionArn }: { executionArn: string }): Partial<AuditEntry> => ({ executionArn });

  return {
    check,
    fault: () => faultOf(trail.place, faults),
    gateways: (gateways) => ({
      ...gateways,
      // Answers are recorded with their step, which only their own log knows.
      states: {
        ...gateways.states,
        startExecution: (start) =>
          record(
            { action: 'states:StartExecution', stateMachineArn: start.stateMachineArn },
            () => gateways.states.startExecution(start),
            arnOf,
          ),
        startSyncExecution: (start) =>
          record(
            { action: 'states:StartSyncExecution', stateMachineArn: start.stateMachineArn },
            () => gateways.states.startSyncExecution(start),
            arnOf,
          ),
        redriveExecution: (executionArn) =>
          record({ action: 'states:RedriveExecution', executionArn }, () =>
            gateways.states.redriveExecution(executionArn),
          ),
        stopExecution: (executionArn, why) =>
          record({ action: 'states:StopExecution', executionArn }, () =>
            gateways.states.stopExecution(executionArn, why),
          ),
        testState: (trial) => record({ action: 'states:TestState' }, () => gateways.states.testState(trial)),
        updateDefinition: (stateMachineArn, definition) =>
          record({ action: 'states:UpdateStateMachine', stateMachineArn }, () =>
            gateways.states.updateDefinition(stateMachineArn, definition),
          ),
        createStateMachine: (machine) =>
          record(
            { action: 'states:CreateStateMachine' },
            () => gateways.states.createStateMachine(machine),
            (stateMachineArn) => ({ stateMachineArn }),
          ),
      },
      functions: {
        ...gateways.functions,
        invoke: (functionName, payload) =>
          record({ action: 'lambda:InvokeFunction', functionName }, () =>
            gateways.functions.invoke(functionName, payload),
          ),
      },
    }),
    answers: (log) => ({
      ...log,
      async append(line) {
        if (line.outcome === 'sending') await check();
        await log.append(line);
        if (line.outcome !== 'sending')
          await append({ ...fixed, account: (await caller()).account, ...entryOf(line, line.outcome) });
      },
    }),
  };
}

/** What was sent has no place in it, not as a hash either. */
const entryOf = (
  { id, time, caller, verb, action, executionArn, stateName, requestId }: AuditLine,
  outcome: AuditEntry['outcome'],
) => ({
  id,
  time,
  caller,
  verb,
  action,
  ...(executionArn !== '' && { executionArn, stateName }),
  requestId,
  outcome,
});

function faultOf(place: string, faults: { error: FlowError; kept: string }[]): FlowError | undefined {
  const [first] = faults;
  if (!first) return undefined;
  const entries = faults.length === 1 ? 'an audit entry' : `${faults.length} audit entries`;
  return new FlowError(
    worstExitCode(faults.map(({ error }) => error.exitCode ?? exitCodes.unreachable)),
    'AuditNotWritten',
    `the change was made, but ${entries} could not be written: ${first.error.message}`,
    { where: place, hint: `kept in ${first.kept}`, cause: first.error },
  );
}
