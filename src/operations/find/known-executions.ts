import type { ExecutionSummary } from '../../ports/aws.js';
import {
  bothExecutions,
  type ExecutionMemory,
  type RememberedExecution,
  type RememberedSteps,
} from '../../ports/execution-memory.js';
import { keepable } from '../../workflow/answer/paused-steps.js';

/** Where nothing can be written, a command that runs for days knows the latest ones. */
const MOST_UNKEPT = 10_000;

/** What is known of a machine's executions: learned by a call, now or by another command. */
export interface KnownExecutions {
  /** Some version of the machine waited for answers when it was looked at last. */
  pauses(): boolean;
  /** Request ids in its input, which never changes. */
  inputIds(execution: ExecutionSummary): string[] | undefined;
  /** Of its steps; undefined where they were not read since it was redriven. */
  steps(execution: ExecutionSummary): RememberedSteps | undefined;
  /** Names of all, and the request ids that were seen in their inputs and steps. */
  newestFirst(): { name: string; requestIds: string[] }[];
  notePauses(pauses: boolean): void;
  noteInput(execution: ExecutionSummary, requestIds: string[]): void;
  noteSteps(execution: ExecutionSummary, steps: Omit<RememberedSteps, 'redriveCount'>): void;
  /** What others have learned meanwhile. */
  reload(): Promise<void>;
  /** Keeps what is new for others, where there is something. */
  save(): Promise<void>;
}

export async function knownExecutions(
  memory: ExecutionMemory,
  stateMachineArn: string,
): Promise<KnownExecutions> {
  let kept = await memory.load(stateMachineArn);
  let news = new Map<string, RememberedExecution>();
  let pauses: boolean | undefined;
  const find = (name: string): RememberedExecution | undefined => news.get(name) ?? kept.executions.get(name);
  const of = ({ name, startDate }: ExecutionSummary): RememberedExecution | undefined => {
    const one = find(name);
    return one?.startDate === startDate.getTime() ? one : undefined;
  };
  const note = (
    { name, startDate }: ExecutionSummary,
    learned: Omit<RememberedExecution, 'startDate'>,
  ): void => {
    const before = find(name);
    const after = bothExecutions(before, { startDate: startDate.getTime(), ...learned });
    if (JSON.stringify(after) !== JSON.stringify(before)) news.set(name, after);
  };
  return {
    pauses: () => pauses ?? kept.pauses ?? false,
    inputIds: (execution) => of(execution)?.inputIds,
    steps(execution) {
      const { steps } = of(execution) ?? {};
      return steps?.redriveCount === (execution.redriveCount ?? 0) ? steps : undefined;
    },
    newestFirst: () =>
      [...new Map([...kept.executions, ...news])]
        .sort(([, a], [, b]) => b.startDate - a.startDate)
        .map(([name, { inputIds = [], steps }]) => ({
          name,
          requestIds: [...inputIds, ...(steps?.requestIds ?? [])],
        })),
    notePauses(now) {
      pauses = now;
    },
    noteInput(execution, requestIds) {
      // What looks like a token is read again each time.
      if (keepable(requestIds).length === requestIds.length) note(execution, { inputIds: requestIds });
    },
    noteSteps(execution, { requestIds, asleep }) {
      const { redriveCount = 0 } = execution;
      const steps = { redriveCount, requestIds: keepable(requestIds), ...(asleep && { asleep }) };
      note(execution, { steps });
    },
    async reload() {
      kept = await memory.load(stateMachineArn);
    },
    async save() {
      const changed = pauses !== undefined && pauses !== (kept.pauses ?? false);
      if (news.size === 0 && !changed) return;
      const saved = news;
      news = new Map();
      const now = await memory.add(stateMachineArn, { pauses, executions: saved });
      if (now) kept = now;
      else news = new Map([...saved, ...news].slice(-MOST_UNKEPT));
    },
  };
}

/** What is known of the executions of several machines. */
export interface KnownMachines {
  of(stateMachineArn: string): Promise<KnownExecutions>;
  save(): Promise<void>;
}

export function knownMachines(memory: ExecutionMemory): KnownMachines {
  const machines = new Map<string, Promise<KnownExecutions>>();
  return {
    of(stateMachineArn) {
      const known = machines.get(stateMachineArn) ?? knownExecutions(memory, stateMachineArn);
      machines.set(stateMachineArn, known);
      return known;
    },
    async save() {
      for (const known of machines.values()) await (await known).save();
    },
  };
}
