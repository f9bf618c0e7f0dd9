import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import { isObject, type Json, type JsonObject } from '../../../src/json/json.js';
import { detailsOf, textOf } from '../../../src/workflow/history/event-details.js';
import { parametersOf, type Reply, type TaskCall } from '../../../src/workflow/rehearsal/reply.js';
import {
  attemptKey,
  createPlaces,
  type Place,
  placeText,
} from '../../../src/workflow/rehearsal/step-place.js';
import { FLAKY, INPUT, type Random, randomMachine } from '../../model/random-machine.js';
import { again, failed, ran, succeeded } from './recorded.js';

/** A change of one state, and what is to be expected of it. */
interface Mutation {
  definition: JsonObject;
  /** The state that was changed, or that is new. */
  stateName: string;
  what: string;
}

/**
 * Runs a random machine, changes one of its states, and rehearses the one by the other. Answers with what is wrong with
 * the first difference that is named; undefined: nothing.
 */
export async function checkMutation(random: Random): Promise<{ what: string; wrong?: string }> {
  const machine = randomMachine(random, random() < 0.3) as unknown as JsonObject;
  const mutation = mutated(machine, random);
  const input = INPUT as Json;
  const then = await ran(machine, input, model, {
    mapRun: async ({ effect }) => mapRunOf(effect.spec.items),
  });
  const { ways, played } = await again(then.events, machine, mutation.definition, input, {
    mapRun: async ({ effect }, _, known) => known ?? mapRunOf(effect.spec.items),
  });
  const { what, stateName } = mutation;
  if (played.missing) {
    const asked = placeText(played.missing.place);
    // A way that is new asks what was never asked; nobody asks before it parts from the other.
    const parted = ways.first !== undefined || played.missing.place.attempt > 1;
    return { what, wrong: parted ? undefined : `${asked} is missing, and no difference is named` };
  }
  const expected = firstDifference(then.events, played.events);
  const found = ways.first?.place && placeText({ ...ways.first.place, attempt: 0 });
  const wanted = expected.place && placeText({ ...expected.place, attempt: 0 });
  if (found !== wanted && !(ways.first && !ways.first.place && expected.atEnd))
    return { what, wrong: `${stateName}: ${found} is named, and ${wanted} is first (${expected.type})` };
  const entered = played.events.find(
    (event) => textOf(detailsOf(event).name) === stateName && event.type.endsWith('Entered'),
  );
  const early = expected.id !== undefined && (!entered || expected.id < entered.id);
  return { what, wrong: early ? `${stateName}: ${wanted} differs before the state was entered` : undefined };
}

/** The function of the model: gives back `value`, but fails as often as it says. Answers come in another order than calls. */
function model(call: TaskCall): Reply[] {
  const { resource, place } = call;
  const parameters = parametersOf(call);
  const payload = (
    isObject(parameters) && isObject(parameters.Payload) ? parameters.Payload : parameters
  ) as JsonObject;
  const after = 100 + (((place.iterations.at(-1) ?? 0) * 37) % 90);
  if (Number(payload.attempt) < Number(payload.fails)) return failed(FLAKY, 'again', after);
  const value = payload.value ?? null;
  return succeeded(resource.includes(':lambda:invoke') ? { Payload: value, StatusCode: 200 } : value, after);
}

const mapRunOf = (items: Json | undefined) => ({
  type: 'MapRunSucceeded' as const,
  output: JSON.stringify(items ?? []),
  after: 500,
});

type Change = (states: JsonObject, name: string, state: JsonObject) => string | undefined;

const changes: Record<string, Change> = {
  'a state before it'(states, name, { Type }) {
    const copy = states[name];
    if (Type === 'Fail' || !isObject(copy)) return undefined;
    // The old name stays where it is known; what it was goes on under a name of its own.
    states[`${name} itself`] = copy;
    states[name] = { Type: 'Pass', Next: `${name} itself` };
    return name;
  },
  'what a Task sends'(_, name, state) {
    const { Parameters, Arguments } = state;
    const sent = Parameters ?? Arguments;
    if (!isObject(sent)) return undefined;
    const payload = isObject(sent.Payload) ? sent.Payload : sent;
    payload.mutant = true;
    return name;
  },
  'what a Pass gives'(_, name, state) {
    if (state.Type !== 'Pass') return undefined;
    if (state.QueryLanguage === 'JSONata') state.Output = '{% {"mutant": true} %}';
    else Object.assign(state, { Result: { mutant: true }, ResultPath: '$' });
    return name;
  },
  'the rule of a Choice'(_, name, state) {
    if (state.Type !== 'Choice') return undefined;
    state.Choices = [
      state.QueryLanguage === 'JSONata'
        ? { Condition: '{% false %}', Next: (state.Choices as JsonObject[])[0]?.Next ?? '' }
        : { ...(state.Choices as JsonObject[])[0], BooleanEquals: false },
    ];
    return name;
  },
  'no Retry'(_, name, state) {
    if (!state.Retry) return undefined;
    delete state.Retry;
    return name;
  },
  'no Catch'(_, name, state) {
    if (!state.Catch) return undefined;
    delete state.Catch;
    return name;
  },
  'an end before its time'(_, name, state) {
    if (!state.Next || state.Type === 'Choice') return undefined;
    delete state.Next;
    state.End = true;
    return name;
  },
  'nothing that shows'(_, name, state) {
    state.Comment = 'changed';
    return name;
  },
};

function mutated(machine: JsonObject, random: Random): Mutation {
  const definition = structuredClone(machine);
  const all = [...statesOf(definition)];
  const kinds = Object.entries(changes);
  for (;;) {
    const [scope, name] = all[Math.floor(random() * all.length)] ?? [{}, ''];
    const [what, change] = kinds[Math.floor(random() * kinds.length)] ?? ['', () => undefined];
    const stateName = change(scope, name, scope[name] as JsonObject);
    if (stateName !== undefined) return { definition, stateName, what };
  }
}

/** Each state with the states beside it; not those of map runs, which are executions of their own. */
function* statesOf(workflow: JsonObject): Generator<[JsonObject, string]> {
  const states = workflow.States as JsonObject;
  for (const [name, state] of Object.entries(states)) {
    if (!isObject(state)) continue;
    yield [states, name];
    const processor = state.ItemProcessor;
    if (isObject(processor) && !isObject(processor.ProcessorConfig)) yield* statesOf(processor);
    for (const branch of (state.Branches as JsonObject[] | undefined) ?? []) yield* statesOf(branch);
  }
}

interface First {
  place?: Place;
  /** Of the new history. */
  id?: number;
  type?: string;
  /** Only the end of the whole execution differs. */
  atEnd?: boolean;
}

/**
 * The first event of the new history that the old one does not have at the same place with the same data; else the first
 * of the old one that is gone.
 */
function firstDifference(before: readonly HistoryEvent[], after: readonly HistoryEvent[]): First {
  const [old, now] = [written(before), written(after)];
  // What Maps and Parallels tell of their iterations and branches follows from what happened in these.
  const own = ({ type }: { type: string }): boolean => !/^(Map|Parallel)(?!State(Entered|Exited))/.test(type);
  const added = now.filter(own).find(({ key }) => !old.some((one) => one.key === key));
  if (added?.place) return added;
  const gone = old.filter(own).find(({ key }) => !now.some((one) => one.key === key));
  // What is gone says more than the end to which that leads.
  if (gone?.place) return { place: gone.place, type: gone.type };
  return added || gone ? { type: (added ?? gone)?.type, atEnd: true } : {};
}

const TOLD = ['input', 'output', 'parameters', 'error', 'name'];

function written(events: readonly HistoryEvent[]) {
  const placeOf = createPlaces();
  return events.map((event) => {
    const place = placeOf(event);
    const details = detailsOf(event);
    const data = TOLD.map((name) => textOf(details[name]) ?? null);
    return {
      place,
      id: event.id,
      type: event.type,
      key: JSON.stringify([place && attemptKey(place), event.type, data]),
    };
  });
}
