import { readFileSync } from 'node:fs';
import type Database from 'libsql';
import { builtinMachines, deployed } from '../../framework/machines.js';
import type { JsonObject } from '../../json/json.js';
import { account, region, stateMachineArn } from '../arns.js';
import type { Executions } from '../runtime/executions.js';
import { insertStateMachine, stateMachine } from '../runtime/machine-tables.js';
import { type ConfigurationAtStart, type ExecutionRow, textOf } from '../runtime/tables.js';
import { defaultConfiguration } from '../states/configuration.js';
import type { Store } from '../store/port.js';
import { statement } from '../store/statements.js';

/** Registers the built-in machines where nothing of their name is, and a team's own, renewed from their files. */
export async function registerMachines(
  store: Store,
  executions: Executions,
  now: number,
  own: Record<string, string>,
): Promise<void> {
  const owned = Object.entries(own).map(([name, file]) => ({
    name,
    type: 'STANDARD' as const,
    definition: deployed(readFileSync(file, 'utf8')),
  }));
  for (const { name, definition } of owned) {
    try {
      executions.machine(definition);
    } catch (error) {
      throw new Error(`the state machine ${name} (${own[name]}) is not valid: ${(error as Error).message}`);
    }
  }
  await store.write((db) => {
    for (const { name, type, definition } of [...builtinMachines(), ...owned]) {
      const arn = stateMachineArn(name);
      const found = stateMachine(db, arn);
      if (found) {
        const renew = Object.hasOwn(own, name) && found.definition !== definition;
        if (renew)
          statement(db, 'UPDATE state_machines SET definition = ? WHERE arn = ?').run(definition, arn);
        continue;
      }
      insertStateMachine(db, {
        arn,
        name,
        type: type as 'STANDARD' | 'EXPRESS',
        definition,
        role_arn: `arn:aws:iam::${account}:role/DummyRole`,
        creation_date: now,
        update_date: null,
        revision_id: null,
        configuration: configuration(name),
        last_version: 0,
      });
    }
  });
}

/** As the framework deploys its machines: all events, without data. */
function configuration(name: string): string {
  const logGroupArn = `arn:aws:logs:${region}:${account}:log-group:/aws/vendedlogs/states/${name}-Logs:*`;
  const loggingConfiguration = {
    level: 'ALL',
    includeExecutionData: false,
    destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }],
  };
  return JSON.stringify({ ...(JSON.parse(defaultConfiguration) as object), loggingConfiguration });
}

/** As it was when the execution started. */
export function loggingConfiguration(
  db: Database.Database,
  { configuration_id: id }: ExecutionRow,
): JsonObject {
  if (id === null) return {};
  const { loggingConfiguration = {} } = JSON.parse(textOf(db, id)) as Partial<ConfigurationAtStart>;
  return loggingConfiguration as JsonObject;
}
