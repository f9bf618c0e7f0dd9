import type { ExecutionSummary } from '../../ports/aws.js';
import { keepable } from '../../workflow/answer/paused-steps.js';
import type { ExecutionMemory, RememberedInput } from './execution-memory.js';

/** Of a machine: what AWS keeps for ninety days may be millions. */
const MOST_KEPT = 20_000;

/** Request ids in the inputs of a machine's executions: an input never changes. */
export interface KnownInputs {
  of(execution: ExecutionSummary): string[] | undefined;
  note(execution: ExecutionSummary, requestIds: string[]): void;
  save(): Promise<void>;
}

export async function knownInputs(
  memory: ExecutionMemory | undefined,
  stateMachineArn: string,
): Promise<KnownInputs> {
  const machine = await memory?.load(stateMachineArn);
  const inputs = new Map(Object.entries(machine?.inputs ?? {}));
  let news = false;
  return {
    of({ executionArn, startDate }) {
      const [start, ...requestIds] = inputs.get(executionArn) ?? [];
      return start === startDate.getTime() ? requestIds : undefined;
    },
    note({ executionArn, startDate }, requestIds) {
      // What looks like a token is read again each time.
      if (keepable(requestIds).length < requestIds.length) return;
      inputs.set(executionArn, [startDate.getTime(), ...requestIds]);
      news = true;
    },
    async save() {
      if (!news || !memory || !machine) return;
      const newest = [...inputs].sort(byStart).slice(0, MOST_KEPT);
      await memory.save(stateMachineArn, { ...machine, inputs: Object.fromEntries(newest) });
    },
  };
}

const byStart = ([, [a]]: [string, RememberedInput], [, [b]]: [string, RememberedInput]): number => b - a;
