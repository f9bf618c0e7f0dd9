import { randomUUID } from 'node:crypto';
import { stateMachineArn } from './arns.js';
import type { Clock } from './clock.js';
import type { FunctionHost, ObjectStore } from './ports.js';
import type { Executions } from './runtime/executions.js';
import { startExecution, startTarget } from './runtime/starts.js';
import { executionByArn, executionById, mapRunById } from './runtime/tables.js';
import type { Tokens } from './runtime/tokens.js';
import type { Store } from './store/port.js';
import { statement } from './store/statements.js';

export const hostSchema =
  'CREATE TABLE IF NOT EXISTS function_state (key TEXT PRIMARY KEY, value TEXT NOT NULL);';

/** What the reference functions see of the server. */
export function createFunctionHost(
  store: Store,
  objects: ObjectStore,
  clock: Clock,
  tokens: Tokens,
  executions: Executions,
): FunctionHost {
  const value = <T>(text: { value: string } | undefined): T | undefined =>
    text === undefined ? undefined : (JSON.parse(text.value) as T);
  const select = 'SELECT value FROM function_state WHERE key = ?';
  return {
    objects,
    state: {
      get: <T>(key: string) =>
        store.read((db) => value<T>(statement(db, select).get(key) as { value: string } | undefined)),
      update: <T>(key: string, change: (current: T | undefined) => T) =>
        store.write((db) => {
          const next = change(value<T>(statement(db, select).get(key) as { value: string } | undefined));
          statement(db, 'INSERT OR REPLACE INTO function_state (key, value) VALUES (?, ?)').run(
            key,
            JSON.stringify(next),
          );
          return next;
        }),
    },
    async sendTaskSuccess(token, output) {
      const task = tokens.resolve(token);
      if (!task) return false;
      return await executions.answer(task, (taskId) => ({
        type: 'TaskSucceeded',
        at: clock.now(),
        taskId,
        output,
      }));
    },
    rootExecutionName(arn) {
      return store.read((db) => {
        let row = executionByArn(db, arn);
        while (row && row.map_run_id !== null) {
          const run = mapRunById(db, row.map_run_id);
          row = run && executionById(db, run.execution_id);
        }
        return row?.name ?? arn.slice(arn.lastIndexOf(':') + 1);
      });
    },
    async startExecution(machine, name = randomUUID(), input) {
      const target = store.read((db) => startTarget(db, stateMachineArn(machine)));
      await startExecution(store, executions, target, { name, input: JSON.stringify(input) });
    },
    now: () => clock.now(),
  };
}
