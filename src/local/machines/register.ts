import type Database from 'libsql';
import { builtinMachines, deployed } from '../../framework/machines.js';
import type { JsonObject } from '../../json/json.js';
import { parseJsonOrYaml } from '../../template/parse.js';
import { account, region, stateMachineArn } from '../arns.js';
import { GivenFileError } from '../errors.js';
import type { Executions } from '../runtime/executions.js';
import { insertStateMachine, stateMachine } from '../runtime/machine-tables.js';
import { type ConfigurationAtStart, type ExecutionRow, textOf } from '../runtime/tables.js';
import { defaultConfiguration } from '../states/configuration.js';
import type { Store } from '../store/port.js';
import { statement } from '../store/statements.js';
import { readGivenFile } from './given-file.js';

/** Registers the built-in machines where nothing of their name is, and a team's own, renewed from their files. */
export async function registerMachines(
  store: Store,
  executions: Executions,
  now: number,
  own: Record<string, string>,
): Promise<void> {
  const owned = await Promise.all(
    Object.entries(own).map(async ([name, file]) => {
      const definition = await ownDefinition(name, file);
      try {
        executions.machine(definition);
      } catch (error) {
        throw notValid(name, file, error);
      }
      return { name, type: 'STANDARD' as const, definition };
    }),
  );
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

/** As deployed: its YAML made JSON. */
async function ownDefinition(name: string, file: string): Promise<string> {
  const text = deployed(await readGivenFile(file, `state machine ${name}`));
  if (/^\s*\{/.test(text)) return text;
  try {
    return JSON.stringify(await parseJsonOrYaml(text), null, 2);
  } catch (error) {
    throw notValid(name, file, error);
  }
}

const notValid = (name: string, file: string, cause: unknown): GivenFileError =>
  new GivenFileError(file, `state machine ${name} is not valid: ${(cause as Error).message}`, {
    hint: `mbc-flow lint ${file}`,
    cause,
  });

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
