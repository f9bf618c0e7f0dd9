import type Database from 'libsql';
import type { JsonObject } from '../../json/json.js';
import { stateMachineArn } from '../arns.js';
import { AwsError } from '../ports.js';
import type { AliasRow, StateMachineRow, VersionRow } from '../runtime/machine-tables.js';
import { statement } from '../store/statements.js';
import { routes } from './aliases.js';
import type { StatesContext } from './context.js';
import { existing, lasting } from './existing-resources.js';
import { arnParts, invalid, page, seconds } from './requests/arns-names-pages.js';
import type { Input } from './requests/model.js';

const mostVersions = 1000;

/** Whether the machine as it is has a version of this description. */
export function isPublished(
  db: Database.Database,
  machine: StateMachineRow,
  description: string | undefined,
): boolean {
  const [newest] = newestVersions(db, machine.arn, Number.MAX_SAFE_INTEGER, 1);
  return newest?.revision_id === machine.revision_id && newest.description === (description ?? null);
}

/** The machine's newest version when it is of the same revision already, else a new one. */
export function publish(
  db: Database.Database,
  context: StatesContext,
  machine: StateMachineRow,
  description: string | undefined,
): VersionRow {
  const [newest] = newestVersions(db, machine.arn, Number.MAX_SAFE_INTEGER, 1);
  if (newest && newest.revision_id === machine.revision_id) return newest;
  const { count } = statement(
    db,
    'SELECT count(*) AS count FROM state_machine_versions WHERE machine_arn = ?',
  ).get(machine.arn) as { count: number };
  if (count >= mostVersions)
    throw new AwsError(
      'ServiceQuotaExceededException',
      `The number of versions exceeds ${mostVersions}`,
      402,
    );
  statement(db, 'UPDATE state_machines SET last_version = last_version + 1 WHERE arn = ?').run(machine.arn);
  const number = existing(context, machine.arn, db).last_version;
  const row: VersionRow = {
    arn: `${machine.arn}:${number}`,
    machine_arn: machine.arn,
    number,
    description: description ?? null,
    definition: machine.definition,
    role_arn: machine.role_arn,
    creation_date: context.clock.now(),
    revision_id: machine.revision_id,
    configuration: machine.configuration,
  };
  statement(
    db,
    `INSERT INTO state_machine_versions (arn, machine_arn, number, description, definition, role_arn, creation_date,
       revision_id, configuration) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    row.arn,
    row.machine_arn,
    row.number,
    row.description,
    row.definition,
    row.role_arn,
    row.creation_date,
    row.revision_id,
    row.configuration,
  );
  return row;
}

export async function publishStateMachineVersion(
  context: StatesContext,
  { stateMachineArn: arn, revisionId, description }: Input<'PublishStateMachineVersion'>,
): Promise<JsonObject> {
  arnParts(arn, 'stateMachine');
  const row = await context.store.write((db) => {
    const machine = lasting(context, arn, db);
    const current = machine.revision_id ?? 'INITIAL';
    if (revisionId !== undefined && revisionId !== current) {
      throw new AwsError(
        'ConflictException',
        `Failed to publish the State Machine version for revision ${revisionId}. The current State Machine revision is ${current}.`,
      );
    }
    return publish(db, context, machine, description);
  });
  return { creationDate: seconds(row.creation_date), stateMachineVersionArn: row.arn };
}

export async function deleteStateMachineVersion(
  context: StatesContext,
  { stateMachineVersionArn: arn }: Input<'DeleteStateMachineVersion'>,
): Promise<JsonObject> {
  const [, name = '', number = ''] = arnParts(arn, 'stateMachine');
  if (!/^\d+$/.test(number))
    throw invalid(`The ARN of a state machine version is expected. Received: ${arn}`);
  await context.store.write((db) => {
    const aliases = statement(
      db,
      'SELECT * FROM state_machine_aliases WHERE machine_arn = ? ORDER BY name',
    ).all(stateMachineArn(name)) as AliasRow[];
    const using = aliases.filter((row) => routes(row).some((route) => route.stateMachineVersionArn === arn));
    if (using.length > 0) {
      throw new AwsError(
        'ConflictException',
        `Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${using.map((row) => row.name).join(', ')}]`,
      );
    }
    statement(db, 'DELETE FROM state_machine_versions WHERE arn = ?').run(arn);
  });
  return {};
}

export async function listStateMachineVersions(
  context: StatesContext,
  input: Input<'ListStateMachineVersions'>,
): Promise<JsonObject> {
  const { stateMachineArn: arn } = input;
  arnParts(arn, 'stateMachine');
  existing(context, arn);
  const { rows, ...more } = page(
    context,
    `versions ${arn}`,
    input,
    (db, before = Number.MAX_SAFE_INTEGER, count) => newestVersions(db, arn, before, count),
    (row) => row.number,
  );
  const stateMachineVersions = rows.map((row) => ({
    stateMachineVersionArn: row.arn,
    creationDate: seconds(row.creation_date),
  }));
  return { stateMachineVersions, ...more };
}

function newestVersions(
  db: Database.Database,
  machineArn: string,
  before: string | number,
  count: number,
): VersionRow[] {
  return statement(
    db,
    'SELECT * FROM state_machine_versions WHERE machine_arn = ? AND number < ? ORDER BY number DESC LIMIT ?',
  ).all(machineArn, before, count) as VersionRow[];
}
