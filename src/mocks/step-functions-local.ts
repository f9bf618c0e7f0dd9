import { isObject, type Json, type JsonObject } from '../json/json.js';
import { parseWritten } from '../json/written.js';

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

/** @throws Error that says what is wrong with the mocks, and where */
export function parseMocks(text: string): MockedMachines {
  const file = object(parseWritten(text), 'the file');
  const responses = new Map(
    entries(file.MockedResponses, 'MockedResponses').map(([key, value]) => [
      key,
      entries(value, `MockedResponses.${key}`).map(([range, response]) =>
        parseResponse(range, response, `MockedResponses.${key}.${range}`),
      ),
    ]),
  );
  const states = (cases: JsonObject, where: string): Map<string, MockedResponse[]> =>
    new Map(
      Object.entries(cases).map(([state, key]) => {
        const found = typeof key === 'string' ? responses.get(key) : undefined;
        if (!found) throw new Error(`${where}.${state}: MockedResponses has no ${JSON.stringify(key)}`);
        return [state, found];
      }),
    );
  return new Map(
    entries(file.StateMachines, 'StateMachines').map(([name, machine]) => {
      const where = `StateMachines.${name}.TestCases`;
      const cases = entries(object(machine, `StateMachines.${name}`).TestCases, where);
      return [
        name,
        new Map(
          cases.map(([testCase, value]) => [
            testCase,
            states(object(value, `${where}.${testCase}`), `${where}.${testCase}`),
          ]),
        ),
      ];
    }),
  );
}

function parseResponse(range: string, value: Json, where: string): MockedResponse {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
  if (first === undefined)
    throw new Error(`${where}: the key must be a call number or a range, such as "0" or "1-2"`);
  const place = { first: Number(first), last: Number(last) };
  const { Return: result, Throw: failure } = object(value, where);
  if ((result === undefined) === (failure === undefined))
    throw new Error(`${where}: exactly one of Return and Throw is required`);
  if (failure === undefined) return { ...place, result };
  const { Error: error, Cause: cause } = object(failure, `${where}.Throw`);
  return { ...place, failure: { error: String(error ?? ''), cause: String(cause ?? '') } };
}

function object(value: Json | undefined, where: string): JsonObject {
  if (value !== undefined && isObject(value)) return value;
  throw new Error(`${where} must be an object`);
}

const entries = (value: Json | undefined, where: string): [string, Json][] =>
  Object.entries(value === undefined ? {} : object(value, where));
