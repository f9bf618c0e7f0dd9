import type { MockedResponse } from '../../mocks/step-functions-local.js';
import type { Place } from '../rehearsal/step-place.js';
import type { FlowAnswer, FlowAnswers } from './file-schema.js';

/** Answers the calls of one execution, each in its turn; undefined: nothing is said about it. */
export type AnswerOf = (place: Place) => FlowAnswer | undefined;

type Mocked = ReadonlyMap<string, readonly MockedResponse[]>;

/** The answers given first come before those given later; a mock counts the calls of its state as Step Functions Local does. */
export function createAnswers(given: readonly (FlowAnswers | undefined)[], mocks?: Mocked): AnswerOf {
  const called = new Map<string, number>();
  const nextOf = (key: string): number => {
    const before = called.get(key) ?? 0;
    called.set(key, before + 1);
    return before;
  };
  return (place) => {
    const { stateName, iterations } = place;
    for (const [level, answers] of given.entries()) {
      const own = answers && Object.hasOwn(answers, stateName) ? answers[stateName] : undefined;
      if (!own) continue;
      if (!Array.isArray(own) && !isSelective(own)) return own;
      const all = Array.isArray(own) ? own : [own];
      const meant = all.find((answer) => isSelective(answer) && isMeant(answer, place));
      if (meant) return meant;
      const inTurn = all.filter((answer) => !isSelective(answer));
      if (inTurn.length === 0) continue;
      const next = nextOf(`${level} ${iterations.join()} ${stateName}`);
      return inTurn[Math.min(next, inTurn.length - 1)];
    }
    const responses = mocks?.get(stateName);
    if (!responses) return undefined;
    const next = nextOf(`mocks ${stateName}`);
    const response = responses.find(({ first, last }) => first <= next && next <= last);
    return response && (response.failure ?? { value: response.result ?? null });
  };
}

const isSelective = ({ attempt, visit, iteration }: FlowAnswer): boolean =>
  attempt !== undefined || visit !== undefined || iteration !== undefined;

function isMeant({ attempt, visit, iteration }: FlowAnswer, place: Place): boolean {
  const within = Array.isArray(iteration)
    ? place.iterations.length === iteration.length &&
      iteration.every((index, depth) => place.iterations[depth] === index)
    : iteration === undefined || place.iterations.at(-1) === iteration;
  return within && isIn(attempt, place.attempt) && isIn(visit, place.visit);
}

function isIn(range: string | number | undefined, number: number): boolean {
  if (range === undefined) return true;
  const [first = 0, last = first] = String(range).split('-').map(Number);
  return first <= number && number <= last;
}
