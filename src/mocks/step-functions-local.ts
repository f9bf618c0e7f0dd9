import { isObject, type Json, type JsonObject } from '../json/json.js';
import { parseWritten } from '../json/lossless.js';

/**
 * Mocks in the format that Step Functions Local made known:
 *
 *     { "StateMachines": { NAME: { "TestCases": { CASE: { STATE: KEY } } } },
 *       "MockedResponses": { KEY: { "0": { "Return": … }, "1-2": { "Throw": { "Error", "Cause" } } } } }
 *
 * In a test case, a state's n-th call (from 0) is answered from the state's responses.
 */
export type MockedMachines = ReadonlyMap<string, TestCases>;
export type TestCases = ReadonlyMap<string, ReadonlyMap<string, readonly MockedResponse[]>>;

export interface MockedResponse {
  first: number;
  last: number;
  result?: Json;
  failure?: { error: string; cause: string };
}

type Path = readonly (string | number)[];

/** What is wrong with the mocks; the message names its place, `path` is that of the member. */
export class MocksError extends Error {
  constructor(
    readonly path: Path,
    problem: string,
  ) {
    super(`${path.length === 0 ? 'the file' : path.join('.')}${problem}`);
  }
}

/** @throws MocksError; SyntaxError where the text is no JSON */
export function parseMocks(text: string): MockedMachines {
  const file = object(parseWritten(text), []);
  const responses = new Map(
    entries(file.MockedResponses, ['MockedResponses']).map(([key, value]) => {
      const at = ['MockedResponses', key];
      return [
        key,
        entries(value, at).map(([range, response]) => parseResponse(range, response, [...at, range])),
      ];
    }),
  );
  const states = (cases: Json, at: Path): Map<string, MockedResponse[]> =>
    new Map(
      Object.entries(object(cases, at)).map(([state, key]) => {
        const found = typeof key === 'string' ? responses.get(key) : undefined;
        if (!found) throw new MocksError([...at, state], `: MockedResponses has no ${JSON.stringify(key)}`);
        return [state, found];
      }),
    );
  return new Map(
    entries(file.StateMachines, ['StateMachines']).map(([name, machine]) => {
      const at = ['StateMachines', name, 'TestCases'];
      const cases = entries(object(machine, at.slice(0, 2)).TestCases, at);
      return [name, new Map(cases.map(([one, value]) => [one, states(value, [...at, one])]))];
    }),
  );
}

function parseResponse(range: string, value: Json, at: Path): MockedResponse {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
  if (first === undefined)
    throw new MocksError(at, ': the key must be a call number or a range, such as "0" or "1-2"');
  const place = { first: Number(first), last: Number(last) };
  if (place.last < place.first) throw new MocksError(at, ': the range goes back');
  const { Return: result, Throw: failure } = object(value, at);
  if ((result === undefined) === (failure === undefined))
    throw new MocksError(at, ': exactly one of Return and Throw is required');
  if (failure === undefined) return { ...place, result };
  const { Error: error, Cause: cause } = object(failure, [...at, 'Throw']);
  return { ...place, failure: { error: String(error ?? ''), cause: String(cause ?? '') } };
}

function object(value: Json | undefined, at: Path): JsonObject {
  if (value !== undefined && isObject(value)) return value;
  throw new MocksError(at, ' must be an object');
}

const entries = (value: Json | undefined, at: Path): [string, Json][] =>
  Object.entries(value === undefined ? {} : object(value, at));
