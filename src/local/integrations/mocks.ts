import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { jsonText, parseWritten } from '../../json/written.js';
import type { Store } from '../store/port.js';
import { statement } from '../store/statements.js';
import { type ServiceCall, TaskFailure } from './call.js';

/**
 * Mocks in the format that Step Functions Local made known:
 *
 *     { "StateMachines": { NAME: { "TestCases": { CASE: { STATE: KEY } } } },
 *       "MockedResponses": { KEY: { "0": { "Return": … }, "1-2": { "Throw": { "Error", "Cause" } } } } }
 *
 * An execution that is started with `…:stateMachine:NAME#CASE` takes a state's n-th call from the state's responses.
 */
export interface Mocks {
  /** The mocked result, JSON text; undefined where this call is not mocked. @throws TaskFailure */
  answer(call: ServiceCall): Promise<string | undefined>;
}

interface Response {
  first: number;
  last: number;
  result?: Json;
  failure?: { error: string; cause: string };
}

type TestCases = Map<string, Map<string, Response[]>>;

/** A call of a mocked state, so that after a restart it is still the n-th. */
export const mocksSchema =
  'CREATE TABLE IF NOT EXISTS mocked_calls (execution_id INTEGER, state TEXT, task_id INTEGER, PRIMARY KEY (execution_id, state, task_id)) WITHOUT ROWID;';

/** @throws Error that says what is wrong with the mocks, and where */
export function createMocks(text: string, store: Store): Mocks {
  const machines = parseMocks(text);
  return {
    async answer({ execution, stateName, taskId, service, action }) {
      const { test_case: testCase, machine_name: machine } = execution;
      if (testCase === null) return undefined;
      // The children of a map run, `NAME/label`, are of their parent's test case.
      const responses = machines.get(machine.replace(/\/.*$/, ''))?.get(testCase)?.get(stateName);
      if (!responses) return undefined;
      const calls = await store.write((db) => {
        const key = [execution.id, stateName, taskId];
        statement(db, 'INSERT OR IGNORE INTO mocked_calls VALUES (?, ?, ?)').run(...key);
        const count =
          'SELECT count(*) AS n FROM mocked_calls WHERE execution_id = ? AND state = ? AND task_id < ?';
        return (statement(db, count).get(...key) as { n: number }).n;
      });
      const response = responses.find(({ first, last }) => first <= calls && calls <= last);
      if (!response) {
        throw new TaskFailure(
          'States.Runtime',
          `The mocks have no response for call ${calls} of the state '${stateName}' (${service}:${action}) in the test case '${testCase}'`,
        );
      }
      if (response.failure) throw new TaskFailure(response.failure.error, response.failure.cause);
      return jsonText(response.result ?? null);
    },
  };
}

function parseMocks(text: string): Map<string, TestCases> {
  const file = object(parseWritten(text), 'the file');
  const responses = new Map(
    entries(file.MockedResponses, 'MockedResponses').map(([key, value]) => [
      key,
      entries(value, `MockedResponses.${key}`).map(([range, response]) =>
        parseResponse(range, response, `MockedResponses.${key}.${range}`),
      ),
    ]),
  );
  const states = (cases: JsonObject, where: string): Map<string, Response[]> =>
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

function parseResponse(range: string, value: Json, where: string): Response {
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
