import { jsonText } from '../../json/lossless.js';
import { parseMocks } from '../../mocks/step-functions-local.js';
import type { Store } from '../store/port.js';
import { statement } from '../store/statements.js';
import { type ServiceCall, TaskFailure } from './call.js';

/**
 * Mocks in the format of Step Functions Local: an execution that is started with `…:stateMachine:NAME#CASE` takes a
 * state's n-th call from the state's responses.
 */
export interface Mocks {
  /** The mocked result, JSON text; undefined where this call is not mocked. @throws TaskFailure */
  answer(call: ServiceCall): Promise<string | undefined>;
}

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
