import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { definedStates } from '../definition/definition-states.js';
import { stateNamed } from '../rehearsal/recorded-map-run.js';
import type { Coverable } from './coverage.js';

/**
 * A case that would take what no case takes, as far as that can be said: its input is for people to find. Undefined:
 * another one, which is drafted, takes it too.
 */
export function draftOf(
  one: Coverable,
  all: readonly Coverable[],
  definition: JsonObject,
): JsonObject | undefined {
  if (isTakenByOthers(one, all)) return undefined;
  const { kind, stateName, to, index, text } = one;
  const name = kind === 'state' ? `enters ${text}` : text;
  const target = to ?? targetOf(one, definition);
  const visits = kind === 'retry' || target === undefined ? [stateName] : [stateName, target];
  const answers = answersFor(one, definition);
  const fails = stateNamed(definition, visits.at(-1) ?? '')?.Type === 'Fail';
  const isDefault = kind === 'rule' && index === undefined;
  const byDefault = `${stateName} takes its default`;
  const when = isDefault ? byDefault : kind === 'rule' ? text : `${stateName} is entered`;
  const todo = `an input with which ${when}`;
  return {
    name: isDefault ? byDefault : name,
    input: { TODO: todo },
    ...(answers && { answers }),
    expect: { ...(fails && { status: 'FAILED' }), visits },
  };
}

function isTakenByOthers({ kind, stateName, to }: Coverable, all: readonly Coverable[]): boolean {
  const open = all.filter((one) => !one.taken);
  // Who goes there enters it.
  if (kind === 'state') return open.some((one) => one.kind === 'transition' && one.to === stateName);
  if (kind !== 'transition') return false;
  const clauses = open.filter(
    (one) => one.stateName === stateName && (one.kind === 'rule' || one.kind === 'catch'),
  );
  const here = all.filter((one) => one.kind === 'transition' && one.stateName === stateName && !one.taken);
  // A Choice goes nowhere but by its rules; a catcher's way may also be the state's own.
  return (
    clauses.length > 0 &&
    (clauses.some((one) => one.kind === 'rule') || clauses.length >= here.length) &&
    to !== undefined
  );
}

function targetOf({ kind, stateName, index }: Coverable, definition: JsonObject): string | undefined {
  const state = stateNamed(definition, stateName) ?? {};
  const clauses = kind === 'rule' ? state.Choices : kind === 'catch' ? state.Catch : undefined;
  const clause = index === undefined ? undefined : at(clauses, index);
  const next = index === undefined && kind === 'rule' ? state.Default : clause?.Next;
  return typeof next === 'string' ? next : undefined;
}

const at = (list: Json | undefined, index: number): JsonObject | undefined => {
  const one = Array.isArray(list) ? list[index] : undefined;
  return isObject(one) ? one : undefined;
};

/** An answer with which the state fails as its retrier or catcher wants. */
function answersFor({ kind, stateName, errors }: Coverable, definition: JsonObject): JsonObject | undefined {
  if (kind !== 'retry' && kind !== 'catch') return undefined;
  const asked = askedIn(stateName, definition);
  if (asked === undefined) return undefined;
  const wanted = errors?.find((error) => error !== 'States.ALL' && error !== 'States.TaskFailed');
  const timeout = wanted === 'States.Timeout' || wanted === 'States.HeartbeatTimeout';
  const fails: JsonObject = timeout ? { never: true } : { error: wanted ?? 'Example.Error', cause: 'TODO' };
  if (kind === 'catch') return { [asked]: fails };
  return { [asked]: timeout ? [{ ...fails, attempt: 1 }, { value: 'TODO' }] : [fails, { value: 'TODO' }] };
}

/** The state itself where it is answered, or the first inside that is. */
function askedIn(stateName: string, definition: JsonObject): string | undefined {
  const state = stateNamed(definition, stateName);
  if (!state) return undefined;
  const processor = state.ItemProcessor ?? state.Iterator;
  const config = isObject(processor) ? processor.ProcessorConfig : undefined;
  const distributed = isObject(config) && config.Mode === 'DISTRIBUTED';
  if (state.Type === 'Task' || distributed) return stateName;
  const inner = [processor, ...(Array.isArray(state.Branches) ? state.Branches : [])];
  return inner
    .flatMap((workflow) => (isObject(workflow) ? definedStates(JSON.stringify(workflow)) : []))
    .find((one) => one.state.Type === 'Task')?.name;
}
