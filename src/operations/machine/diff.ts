import type { JsonObject } from '../../json/json.js';
import { parseWritten } from '../../json/lossless.js';
import type { StepFunctionsGateway } from '../../ports/aws.js';
import {
  type ComparedDefinitions,
  compareDefinitions,
} from '../../workflow/definition/compare-definitions.js';
import { createModel, currentStates } from '../../workflow/history/execution-model.js';
import { applyEvents } from '../../workflow/history/fold.js';
import { volatileIn } from '../../workflow/rehearsal/compare-data.js';
import {
  type ComparedWays,
  compareWays,
  endDifference,
  type WayEnd,
  wayOf,
} from '../../workflow/rehearsal/compare-ways.js';
import { endOf } from '../../workflow/rehearsal/rehearse.js';
import type { RecordedExecution } from '../rehearsal/recorded-execution.js';

export interface DefinitionSide {
  /** What the user called it. */
  reference: string;
  definition: JsonObject;
}

export interface DefinitionDiff extends ComparedDefinitions {
  before: DefinitionSide;
  after: DefinitionSide;
  inUse?: InUse;
}

/** Executions keep the definition with which they were started, also when they are redriven. */
export interface InUse {
  stateMachineName: string;
  running: number;
  redrivable: number;
  /** There are others beyond these. */
  more: boolean;
  /** Where running ones stand now, of the states that were changed or removed. */
  standing: { stateName: string; executions: number }[];
  /** How many of the running ones were looked at for that. */
  looked: number;
}

export const diffDefinitions = (before: DefinitionSide, after: DefinitionSide): DefinitionDiff => ({
  before,
  after,
  ...compareDefinitions(before.definition, after.definition),
});

type States = Pick<StepFunctionsGateway, 'listExecutions' | 'historyPages'>;

const [MOST_LISTED, MOST_LOOKED] = [1000, 25];
/** AWS redrives executions that ended within 14 days. */
const REDRIVABLE_MS = 14 * 86_400_000;

/** What still uses the definition that a machine has now, once it were another. */
export async function definitionInUse(
  states: States,
  stateMachineArn: string,
  { states: changed }: ComparedDefinitions,
  now: number,
): Promise<InUse> {
  const touched = new Map(
    changed.filter(({ change }) => change !== 'added').map((state) => [state.before ?? state.stateName, 0]),
  );
  const use: InUse = {
    stateMachineName: stateMachineArn.split(':')[6] ?? stateMachineArn,
    running: 0,
    redrivable: 0,
    more: false,
    standing: [],
    looked: 0,
  };
  for (const status of ['RUNNING', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const) {
    let listed = 0;
    for await (const execution of states.listExecutions({
      stateMachineArn,
      status,
      atMost: MOST_LISTED + 1,
    })) {
      if (listed++ === MOST_LISTED) {
        use.more = true;
        break;
      }
      if (status !== 'RUNNING') {
        if (now - (execution.stopDate?.getTime() ?? now) < REDRIVABLE_MS) use.redrivable++;
        continue;
      }
      use.running++;
      if (use.looked === MOST_LOOKED || touched.size === 0) continue;
      use.looked++;
      const model = createModel();
      for await (const page of states.historyPages(execution.executionArn, { includeExecutionData: false }))
        applyEvents(model, page);
      for (const name of new Set(currentStates(model).map((state) => state.name))) {
        const standing = touched.get(name);
        if (standing !== undefined) touched.set(name, standing + 1);
      }
    }
  }
  use.standing = [...touched]
    .filter(([, executions]) => executions > 0)
    .map(([stateName, executions]) => ({ stateName, executions }));
  return use;
}

export interface ExecutionDiff {
  before: RecordedExecution;
  after: RecordedExecution;
  ends: { before: WayEnd; after: WayEnd };
  ways: ComparedWays;
  /** They ran different definitions. */
  definitions?: ComparedDefinitions;
}

export function diffExecutions(before: RecordedExecution, after: RecordedExecution): ExecutionDiff {
  const texts = [before.definition, after.definition].filter((text) => text !== undefined);
  const volatile = volatileIn(...texts);
  const ways = compareWays(wayOf(before.events), wayOf(after.events), volatile, { underWay: false });
  const ends = { before: endOf(before.events), after: endOf(after.events) };
  ways.first ??= endDifference(ends.before, ends.after, volatile);
  const [one, other] = texts.map((text) => parseWritten(text) as JsonObject);
  const compared = one && other && compareDefinitions(one, other);
  const differ = compared && (compared.states.length > 0 || compared.machine.length > 0);
  return { before, after, ends, ways, definitions: differ ? compared : undefined };
}
