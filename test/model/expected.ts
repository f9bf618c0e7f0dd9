import type { Json } from '../../src/json/json.js';
import { ITEMS, type Workflow } from './random-machine.js';

/** What an execution must come to, by its definition alone. */
export interface Expected {
  /** Undefined: it fails. */
  output: Json | undefined;
  /** How often each state of its own history was left. */
  exits: Map<string, number>;
}

/** `redriven`: where nobody catches a failure it is redriven, and from then on functions succeed. */
export function expectedOf(machine: Workflow, input: Json, redriven: boolean): Expected {
  const exits = new Map<string, number>();
  const reckoning = { exits, redriven, healed: false, catchers: 0 };
  try {
    return { output: run(machine, input, reckoning), exits };
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    return { output: undefined, exits };
  }
}

class Failed extends Error {}

interface Reckoning {
  exits: Map<string, number>;
  redriven: boolean;
  healed: boolean;
  /** How many states with a Catch are around. */
  catchers: number;
}

function run(machine: Workflow, input: Json, reckoning: Reckoning): Json {
  let value = input;
  for (let name: string | undefined = machine.StartAt; name !== undefined; ) {
    const state: Workflow['States'][string] | undefined = machine.States[name];
    if (!state) throw new Error(`no state ${name}`);
    let next: string | undefined =
      state.Type === 'Choice' ? (state.Choices as { Next: string }[])[0]?.Next : state.Next;
    const [catcher] = (state.Catch ?? []) as { Next: string }[];
    reckoning.catchers += catcher ? 1 : 0;
    try {
      value = outputOf(state, value, reckoning);
    } catch (error) {
      if (!(error instanceof Failed) || !catcher) throw error;
      // The state that a catcher leads to does not look at its input.
      next = catcher.Next;
    } finally {
      reckoning.catchers -= catcher ? 1 : 0;
    }
    reckoning.exits.set(name, (reckoning.exits.get(name) ?? 0) + 1);
    name = next;
  }
  return value;
}

function outputOf(state: Workflow['States'][string], input: Json, reckoning: Reckoning): Json {
  const kept = state.ResultPath === null || state.Output === '{% $states.input %}';
  switch (state.Type) {
    case 'Fail':
      throw new Failed();
    case 'Pass':
      return state.Parameters ? (state.Parameters as Json) : input;
    case 'Task':
      if (failsOf(state) <= 2 || reckoning.healed) return input;
      if (!reckoning.redriven || reckoning.catchers > 0) throw new Failed();
      reckoning.healed = true;
      return input;
    case 'Parallel': {
      const outputs = (state.Branches as Workflow[]).map((branch) => run(branch, input, reckoning));
      return kept ? input : outputs;
    }
    case 'Map': {
      const processor = state.ItemProcessor as Workflow;
      // The children of a map run have histories of their own.
      const inner = processor.ProcessorConfig ? { ...reckoning, exits: new Map() } : reckoning;
      const outputs = ITEMS.map((item) => run(processor, item, inner));
      return kept ? input : outputs;
    }
    default:
      return input;
  }
}

function failsOf(state: Workflow['States'][string]): number {
  const { fails, Payload } = (state.Parameters ?? state.Arguments) as {
    fails?: number;
    Payload?: { fails: number };
  };
  return fails ?? Payload?.fails ?? 0;
}
