import { detailsOf, type RecordedEvent } from '../conformance/record.js';
import type { Expected } from './expected.js';

const END = /^Execution(?:Succeeded|Failed|TimedOut|Aborted)$/;
const FORK = /^(?:Map|Parallel)StateStarted$/;

/** What holds for the history of every execution that has ended; each line one fault. */
export function brokenProperties(history: RecordedEvent[], { output, exits }: Expected): string[] {
  const broken: string[] = [];
  const check = (holds: boolean, fault: string): void => {
    if (!holds) broken.push(fault);
  };
  const ended = output === undefined ? 'ExecutionFailed' : 'ExecutionSucceeded';
  check(history.at(-1)?.type === ended, `it ends with ${history.at(-1)?.type}, not with ${ended}`);
  for (const [index, event] of history.entries()) {
    const { id, previousEventId, type } = event;
    check(id === index + 1, `event ${index + 1} has the id ${id}`);
    check(previousEventId < Math.max(id, 1), `event ${id} follows ${previousEventId}`);
    const next = history[index + 1]?.type;
    check(!END.test(type) || next === undefined || next === 'ExecutionRedriven', `${next} after ${type}`);
    check(linked(history, event), `${type} ${id} follows ${previousEventId}, which is of another branch`);
    check(
      joined(history, event),
      `${type} ${id} follows ${previousEventId}, which is not its branches' last`,
    );
  }
  const left = new Map<string, number>();
  const open = new Map<string, number>();
  for (const event of history) {
    const name = nameOf(event);
    if (/StateExited$/.test(event.type)) {
      left.set(name, (left.get(name) ?? 0) + 1);
      open.set(name, (open.get(name) ?? 0) - 1);
      check((open.get(name) ?? 0) >= 0, `${name} was left more often than entered`);
    }
    if (/StateEntered$/.test(event.type)) open.set(name, (open.get(name) ?? 0) + 1);
  }
  if (output === undefined) return broken;
  for (const name of new Set([...exits.keys(), ...left.keys()]))
    check(
      left.get(name) === exits.get(name),
      `${name} was left ${left.get(name)} times, not ${exits.get(name)}`,
    );
  const given = JSON.stringify(JSON.parse(String(detailsOf(history.at(-1) ?? { type: '' }).output ?? null)));
  check(given === JSON.stringify(output), `its output is ${given}, not ${JSON.stringify(output)}`);
  return broken;
}

const nameOf = (event: RecordedEvent): string => String(detailsOf(event).name);

/** The branch of a state, by the name that it has from its place: `S0.1.S2` is in `S0.1.`. */
const branchOf = (name: string): string => name.slice(0, name.lastIndexOf('.') + 1);

/** A state is entered after the start, one of its own branch, or the start of the fork that it is in. */
function linked(history: RecordedEvent[], event: RecordedEvent): boolean {
  if (event.type === 'MapIterationStarted') return begun(history, event);
  if (!/StateEntered$/.test(event.type)) return true;
  const before = history[event.previousEventId - 1];
  if (!before) return event.previousEventId === 0;
  const branch = branchOf(nameOf(event));
  if (/StateExited$/.test(before.type)) return branchOf(nameOf(before)) === branch;
  if (before.type === 'MapIterationStarted') return `${nameOf(before)}.` === branch;
  return FORK.test(before.type) || before.type === 'ExecutionRedriven';
}

const JOIN = /^(?:Map|Parallel)State(?:Succeeded|Exited)$/;
/** Nothing follows these. */
const MARK = /^(?:Map|Parallel)State(?:Succeeded|Failed)$/;

/** The end of a fork follows the last event of its branches, and its exit the same; without branches, its start. */
function joined(history: RecordedEvent[], event: RecordedEvent): boolean {
  if (!JOIN.test(event.type)) return true;
  const exit = event.type.endsWith('Exited') ? event : history[event.id];
  if (!exit || exit.type !== event.type.replace('Succeeded', 'Exited')) return true;
  const fork = nameOf(exit);
  // Iterations of a Map around may have a fork of this name, too.
  const entered = enteredBy(history, event, fork);
  const within = history.filter((one) => {
    if (one.id >= event.id || MARK.test(one.type)) return false;
    // The exit of a distributed Map follows the start of its map run.
    if (exit === event && one.type === 'MapRunSucceeded') return false;
    return entered !== undefined && enteredBy(history, one, fork) === entered;
  });
  const caught = history[event.previousEventId - 1]?.type.endsWith('Failed');
  return within.at(-1)?.id === event.previousEventId || caught === true;
}

/** The entering of the fork that an event is of: of those that it follows, the last with the name. */
function enteredBy(history: RecordedEvent[], event: RecordedEvent, fork: string): number | undefined {
  let found: RecordedEvent | undefined = event;
  while (found && !(found.type.endsWith('StateEntered') && nameOf(found) === fork)) {
    const before: RecordedEvent | undefined = history[found.previousEventId - 1];
    // A faulty history may go round in a circle.
    found = before && before.id < found.id ? before : undefined;
  }
  return found?.id;
}

/** An iteration begins after its Map's start, or with the end of another one. */
function begun(history: RecordedEvent[], { previousEventId, id }: RecordedEvent): boolean {
  const before = history[previousEventId - 1]?.type ?? '';
  const ended = history.some(
    (one) =>
      /^MapIteration(?:Succeeded|Failed)$/.test(one.type) &&
      one.previousEventId === previousEventId &&
      one.id < id,
  );
  return ended || before === 'MapStateStarted' || before === 'ExecutionRedriven';
}
