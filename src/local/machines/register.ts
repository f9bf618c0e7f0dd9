import type Database from 'libsql';
import { watchFiles } from '../../files/watch-files.js';
import { builtinMachines, deployed } from '../../framework/machines.js';
import type { JsonObject } from '../../json/json.js';
import { parseJsonOrYaml } from '../../template/parse.js';
import { account, region, stateMachineArn } from '../arns.js';
import { GivenFileError } from '../errors.js';
import { type ConfigurationAtStart, type ExecutionRow, textOf } from '../runtime/execution-tables.js';
import type { Executions } from '../runtime/executions.js';
import { machineOrigin, setOrigin } from '../runtime/machine-origins.js';
import {
  insertStateMachine,
  overwriteStateMachine,
  type StateMachineRow,
  stateMachine,
} from '../runtime/machine-tables.js';
import { defaultConfiguration } from '../states/configuration.js';
import type { Store } from '../store/port.js';
import { readGivenFile } from './given-file.js';
import { giveBack, standIn } from './stand-in.js';

/** Registers the built-in machines where nothing of their name is, and renews those of a former version. */
export async function registerBuiltin(store: Store, now: number): Promise<void> {
  await store.write((db) => {
    for (const { name, type, definition } of builtinMachines()) {
      const row = rowOf(name, definition, now);
      const found = stateMachine(db, row.arn);
      if (!found) insertStateMachine(db, { ...row, type });
      else if (!isBuiltin(db, found)) continue;
      else if (found.definition !== definition) overwriteStateMachine(db, { ...found, definition });
      setOrigin(db, row.arn, { origin: 'builtin' });
    }
  });
}

/** Of a data directory from before origins were noted: nobody else gives a machine this role and this log group. */
const isBuiltin = (db: Database.Database, { arn, name, ...row }: StateMachineRow): boolean =>
  machineOrigin(db, arn)?.origin === 'builtin' ||
  (machineOrigin(db, arn) === undefined &&
    row.role_arn === roleArn &&
    row.revision_id === null &&
    row.configuration === configuration(name) &&
    JSON.parse(row.definition).Comment === builtinComment(name));

const builtinComment = (name: string): unknown =>
  JSON.parse(builtinMachines().find((machine) => machine.name === name)?.definition ?? '{}').Comment;

export interface OwnMachines {
  /** These from now on: name -> path of an ASL file. What is wrong with one is logged, the others are registered. */
  update(files: Record<string, string>): Promise<void>;
  stop(): void;
}

/**
 * Registers a team's own machines, now and whenever their files change.
 * @throws GivenFileError; once it follows them, such errors are logged
 */
export async function followOwnMachines(
  { store, executions, clock, log }: OwnMachinesOptions,
  files: Record<string, string>,
): Promise<OwnMachines> {
  let own = files;
  let working = Promise.resolve();
  const register = async (faulty: (error: unknown) => void): Promise<void> => {
    const made = await Promise.all(
      Object.entries(own).map(async ([name, file]) => {
        try {
          return [rowOf(name, await checkedDefinition(executions, name, file), clock.now())];
        } catch (error) {
          faulty(error);
          return [];
        }
      }),
    );
    const rows = made.flat();
    const changed = await store.write((db) => [
      ...rows.filter((row) => standIn(db, row)).map(({ name }) => `state machine ${name}: ${own[name]}`),
      ...giveBack(db, 'config', Object.keys(own).map(stateMachineArn)).map(
        (arn) => `state machine ${arn.split(':').at(-1)} is again what it was before the config named it`,
      ),
    ]);
    for (const line of changed) log(line);
  };
  const again = (): Promise<void> => {
    working = working.then(() =>
      register((error) =>
        log(error instanceof GivenFileError ? `${error.file}: ${error.message}` : String(error)),
      ),
    );
    return working;
  };
  const watched = watchFiles(again);
  await register((error) => {
    throw error;
  });
  watched.set(Object.values(own));
  return {
    async update(next) {
      own = next;
      watched.set(Object.values(own));
      await again();
    },
    stop: () => watched.stop(),
  };
}

interface OwnMachinesOptions {
  store: Store;
  executions: Executions;
  clock: { now(): number };
  log: (line: string) => void;
}

const roleArn = `arn:aws:iam::${account}:role/DummyRole`;

const rowOf = (name: string, definition: string, now: number): StateMachineRow => ({
  arn: stateMachineArn(name),
  name,
  type: 'STANDARD',
  definition,
  role_arn: roleArn,
  creation_date: now,
  update_date: null,
  revision_id: null,
  configuration: configuration(name),
  last_version: 0,
});

async function checkedDefinition(executions: Executions, name: string, file: string): Promise<string> {
  const definition = await ownDefinition(name, file);
  try {
    executions.machine(definition);
  } catch (error) {
    throw notValid(name, file, error);
  }
  return definition;
}

const namedBy = (name: string): string => `"local": {"machines": {"${name}": …}} in mbc-flow.json names it`;

/** As deployed: its YAML made JSON. */
async function ownDefinition(name: string, file: string): Promise<string> {
  const text = deployed(await readGivenFile(file, `state machine ${name}`, namedBy(name)));
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

/** Of executions, as it was when they started; the children of a map run have their parent's, which is read once. */
export function loggingConfigurations(): (db: Database.Database, row: ExecutionRow) => JsonObject {
  const ofMapRuns = new Map<number, JsonObject>();
  return (db, { configuration_id: id, map_run_id: mapRun }) => {
    if (id === null) return {};
    const known = mapRun === null ? undefined : ofMapRuns.get(mapRun);
    if (known) return known;
    const { loggingConfiguration = {} } = JSON.parse(textOf(db, id)) as Partial<ConfigurationAtStart>;
    if (ofMapRuns.size > 100) ofMapRuns.clear();
    if (mapRun !== null) ofMapRuns.set(mapRun, loggingConfiguration);
    return loggingConfiguration;
  };
}
