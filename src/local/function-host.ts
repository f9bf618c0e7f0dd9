import { randomUUID } from 'node:crypto';
import type Database from 'libsql';
import { stateMachineArn } from './arns.js';
import type { Clock } from './clock.js';
import type { FunctionHost, ObjectStore } from './ports.js';
import type { ExecutionRow } from './runtime/execution-tables.js';
import type { Executions } from './runtime/executions.js';
import { startExecution, startTarget } from './runtime/start-execution.js';
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
  /** Names of the executions at the root of map runs. */
  const roots = new Map<number, string>();
  const rootOf = (db: Database.Database, mapRunId: number): string | undefined => {
    const known = roots.get(mapRunId);
    if (known !== undefined) return known;
    const parent = statement(
      db,
      `SELECT name, map_run_id FROM executions
       WHERE id = (SELECT execution_id FROM map_runs WHERE id = ?)`,
    ).get(mapRunId) as Pick<ExecutionRow, 'name' | 'map_run_id'> | undefined;
    const name = parent?.map_run_id == null ? parent?.name : rootOf(db, parent.map_run_id);
    if (name === undefined) return undefined;
    if (roots.size > 1000) roots.clear();
    roots.set(mapRunId, name);
    return name;
  };
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
        const found = statement(db, 'SELECT name, map_run_id FROM executions WHERE arn = ?').get(arn) as
          | Pick<ExecutionRow, 'name' | 'map_run_id'>
          | undefined;
        const name = found?.map_run_id == null ? found?.name : rootOf(db, found.map_run_id);
        return name ?? arn.slice(arn.lastIndexOf(':') + 1);
      });
    },
    async startExecution(machine, name = randomUUID(), input) {
      const target = store.read((db) => startTarget(db, stateMachineArn(machine)));
      await startExecution(store, executions, target, { name, input: JSON.stringify(input) });
    },
    now: () => clock.now(),
  };
}
