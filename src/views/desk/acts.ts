import type { DeskExecution, DeskStep } from '../../operations/desk/snapshot.js';
import { iterationOf } from '../../workflow/history/execution-model.js';
import { executionParts, machineOfExecution } from '../../workflow/names/arn.js';
import { chosenState, rowsOfStates } from './execution-data.js';
import { openedByJob } from './job.js';
import { cursorIn } from './list-lines.js';
import { type DeskRow, listShown, rowsOf } from './lists.js';
import { type DeskState, type DeskView, type JobPlace, listOf, placeOf } from './state.js';

/** A paused step that is to be answered. */
export interface StepNamed {
  executionArn: string;
  stateName: string;
  iteration?: number;
}
export interface ExecutionNamed {
  executionArn: string;
  stateMachineArn: string;
}

/** What a key does to the world. */
export type Act =
  | { type: 'answer'; verb: 'approve' | 'reject' | 'resume' | 'fail'; steps: StepNamed[] }
  | { type: 'redrive'; executions: ExecutionNamed[] }
  | { type: 'stop'; executions: ExecutionNamed[] }
  | { type: 'rerun'; executionArn: string; edit: boolean }
  | { type: 'console'; arn: string }
  | { type: 'copy'; text: string };

/** A key that does something here. */
export interface ActKey {
  key: string;
  /** One or two words, for the last line. */
  label: string;
  what: string;
  act: Act;
}

/** What can be done where one is, and to what. */
export function actsHere(state: DeskState, view: DeskView): ActKey[] {
  const { executions, steps, reference } = chosen(state, view);
  const acts: ActKey[] = [];
  const several = (many: readonly unknown[], one: string): string =>
    many.length > 1 ? `${many.length} marked ${one}s` : `this ${one}`;
  if (steps.length > 0) {
    const what = several(steps, 'step');
    const answer = (key: string, verb: 'approve' | 'reject' | 'resume' | 'fail', how: string): ActKey => ({
      key,
      label: verb,
      what: `${how} ${what}`,
      act: { type: 'answer', verb, steps },
    });
    acts.push(
      answer('a', 'approve', 'approve'),
      answer('x', 'reject', 'reject, with a reason,'),
      answer('r', 'resume', 'resume'),
      answer('F', 'fail', 'fail'),
    );
  }
  const ended = executions.filter(({ status }) => ['FAILED', 'TIMED_OUT', 'ABORTED'].includes(status));
  const running = executions.filter(({ status }) => status === 'RUNNING');
  if (ended.length > 0)
    acts.push({
      key: 'R',
      label: 'redrive',
      what: `redrive ${several(ended, 'execution')}: continue where it failed`,
      act: { type: 'redrive', executions: ended },
    });
  if (running.length > 0)
    acts.push({
      key: 'S',
      label: 'stop',
      what: `stop ${several(running, 'execution')}`,
      act: { type: 'stop', executions: running },
    });
  const [only, another] = executions;
  // A map run starts its executions itself.
  if (only && !another && !only.stateMachineArn.includes('/')) {
    const { executionArn } = only;
    acts.push(
      {
        key: 'N',
        label: 'rerun',
        what: 'start again with the same input',
        act: { type: 'rerun', executionArn, edit: false },
      },
      {
        key: 'e',
        label: 'edit+rerun',
        what: 'edit the input and start again',
        act: { type: 'rerun', executionArn, edit: true },
      },
    );
  }
  if (reference !== undefined) {
    if (view.target.hasConsole && reference.startsWith('arn:'))
      acts.push({
        key: 'o',
        label: 'console',
        what: 'open in the AWS console',
        act: { type: 'console', arn: reference },
      });
    acts.push({
      key: 'y',
      label: 'copy',
      what: 'copy the reference',
      act: { type: 'copy', text: reference },
    });
  }
  return acts;
}

interface Chosen {
  executions: (ExecutionNamed & { status: string })[];
  steps: StepNamed[];
  /** What one would type. */
  reference?: string;
}

function chosen(state: DeskState, view: DeskView): Chosen {
  const place = placeOf(state);
  if (place?.kind === 'done') return { executions: [], steps: [] };
  if (place?.kind === 'job') return { ...ofJob(place, view), steps: [], reference: place.job.key };
  if (place?.kind === 'step') return ofSteps([place.step]);
  if (place?.kind === 'execution') {
    const opened = view.opened.get(place.executionArn);
    const { executionArn } = place;
    const { stateMachineArn = machineOfExecution(executionArn) } = executionParts(executionArn);
    if (!opened?.model) return { executions: [], steps: [], reference: executionArn };
    const row = chosenState(rowsOfStates(opened, place.view, view.now), place.view);
    const waiting = row?.node?.status === 'running' && row.node.wait?.kind === 'token' ? row.node : undefined;
    return {
      executions: [{ executionArn, stateMachineArn, status: opened.model.status }],
      steps: waiting ? [{ executionArn, stateName: waiting.name, iteration: iterationOf(waiting) }] : [],
      reference: executionArn,
    };
  }
  const list = listShown(state, view);
  const lists = listOf(state);
  if (!list || !lists) return { executions: [], steps: [] };
  const rows = rowsOf(list, lists.filter);
  const row = rows[cursorIn(list, rows, lists)];
  const marked = lists.marks.size > 0 ? rows.filter((one) => lists.marks.has(list.keyOf(one))) : [];
  const meant = marked.length > 0 ? marked : row ? [row] : [];
  if (place?.kind !== 'items' && state.tab === 'paused') return ofSteps(meant as DeskStep[]);
  if (place?.kind === 'items' || state.tab === 'executions') {
    const executions = meant as DeskExecution[];
    const [only] = executions;
    return { executions, steps: [], reference: only?.executionArn };
  }
  return { executions: [], steps: [], reference: row && referenceOf(row) };
}

/** The execution of the chosen line. */
function ofJob(place: JobPlace, view: DeskView): Pick<Chosen, 'executions'> {
  const { executionArn, status } = openedByJob(place, view).execution ?? {};
  if (executionArn === undefined || status === undefined) return { executions: [] };
  return { executions: [{ executionArn, stateMachineArn: machineOfExecution(executionArn), status }] };
}

const referenceOf = (row: DeskRow): string | undefined =>
  'stateMachineArn' in row ? row.stateMachineArn : 'key' in row ? row.key : undefined;

function ofSteps(steps: readonly DeskStep[]): Chosen {
  const [only] = steps;
  return {
    executions: [],
    steps: steps
      .filter(({ answerable }) => answerable)
      .map(({ execution, stateName, iteration }) => ({
        executionArn: execution.executionArn,
        stateName,
        iteration,
      })),
    reference: only && (only.requestId ?? only.execution.executionArn),
  };
}
