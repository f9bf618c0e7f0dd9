import type Database from 'libsql';
import type { JsonObject } from '../../json/json.js';
import { stateMachineArn } from '../arns.js';
import { AwsError } from '../ports.js';
import { type AliasRow, alias, type Route, version } from '../runtime/machine-tables.js';
import { statement } from '../store/statements.js';
import type { StatesContext } from './context.js';
import { existing, refuseDeleting } from './existing-resources.js';
import { arnParts, invalid, page, seconds } from './requests/arns-names-pages.js';
import type { Input } from './requests/model.js';

const mostAliases = 100;

export const routes = (row: AliasRow): Route[] => JSON.parse(row.routing) as Route[];

export async function createStateMachineAlias(
  context: StatesContext,
  { name, description, routingConfiguration }: Input<'CreateStateMachineAlias'>,
): Promise<JsonObject> {
  const machineArn = routedMachine(routingConfiguration);
  refuseDeleting(context, machineArn);
  const now = context.clock.now();
  const row: AliasRow = {
    arn: `${machineArn}:${name}`,
    machine_arn: machineArn,
    name,
    description: description ?? null,
    routing: routingText(routingConfiguration),
    creation_date: now,
    update_date: now,
  };
  const kept = await context.store.write((db) => {
    checkVersions(db, routingConfiguration);
    const found = alias(db, row.arn);
    if (!found) {
      insertAlias(db, row);
      return row;
    }
    if (found.description === row.description && found.routing === row.routing) return found;
    throw new AwsError(
      'ConflictException',
      'Failed to create alias because an alias with the same name and a different routing configuration already exists.',
    );
  });
  return { stateMachineAliasArn: kept.arn, creationDate: seconds(kept.creation_date) };
}

export async function updateStateMachineAlias(
  context: StatesContext,
  { stateMachineAliasArn: arn, description, routingConfiguration }: Input<'UpdateStateMachineAlias'>,
): Promise<JsonObject> {
  const machineArn = aliasedMachine(arn);
  refuseDeleting(context, machineArn);
  if (description === undefined && routingConfiguration === undefined)
    throw invalid('Either the description or the routing configuration must be specified');
  if (routingConfiguration && routedMachine(routingConfiguration) !== machineArn)
    throw invalid('Routing configuration must contain versions of the state machine of the alias.');
  const now = context.clock.now();
  await context.store.write((db) => {
    const row = existingAlias(db, arn);
    if (routingConfiguration) checkVersions(db, routingConfiguration);
    statement(
      db,
      'UPDATE state_machine_aliases SET description = ?, routing = ?, update_date = ? WHERE arn = ?',
    ).run(
      description ?? row.description,
      routingConfiguration ? routingText(routingConfiguration) : row.routing,
      now,
      arn,
    );
  });
  return { updateDate: seconds(now) };
}

export async function deleteStateMachineAlias(
  context: StatesContext,
  { stateMachineAliasArn: arn }: Input<'DeleteStateMachineAlias'>,
): Promise<JsonObject> {
  aliasedMachine(arn);
  await context.store.write((db) =>
    statement(db, 'DELETE FROM state_machine_aliases WHERE arn = ?').run(arn),
  );
  return {};
}

export async function describeStateMachineAlias(
  context: StatesContext,
  { stateMachineAliasArn: arn }: Input<'DescribeStateMachineAlias'>,
): Promise<JsonObject> {
  aliasedMachine(arn);
  const row = context.store.read((db) => existingAlias(db, arn));
  return {
    stateMachineAliasArn: arn,
    name: row.name,
    ...(row.description !== null && { description: row.description }),
    routingConfiguration: JSON.parse(row.routing),
    creationDate: seconds(row.creation_date),
    updateDate: seconds(row.update_date),
  };
}

/** Of a machine, or of those that route to one version of it. */
export async function listStateMachineAliases(
  context: StatesContext,
  input: Input<'ListStateMachineAliases'>,
): Promise<JsonObject> {
  const { stateMachineArn: arn } = input;
  const [, name = '', number] = arnParts(arn, 'stateMachine');
  const machine = existing(context, stateMachineArn(name));
  const { rows, ...more } = page(
    context,
    `aliases ${arn}`,
    input,
    (db, after = '', count) =>
      (
        statement(
          db,
          'SELECT * FROM state_machine_aliases WHERE machine_arn = ? AND name > ? ORDER BY name',
        ).all(machine.arn, after) as AliasRow[]
      )
        .filter(
          (row) => number === undefined || routes(row).some((route) => route.stateMachineVersionArn === arn),
        )
        .slice(0, count),
    (row) => row.name,
  );
  const stateMachineAliases = rows.map((row) => ({
    stateMachineAliasArn: row.arn,
    creationDate: seconds(row.creation_date),
  }));
  return { stateMachineAliases, ...more };
}

type Routing = Input<'CreateStateMachineAlias'>['routingConfiguration'];

const routingText = (routing: Routing): string =>
  JSON.stringify(routing.map(({ stateMachineVersionArn, weight }) => ({ stateMachineVersionArn, weight })));

/** The machine whose versions are routed to. @throws AwsError ValidationException */
function routedMachine(routing: Routing): string {
  const arns = routing.map((route) => route.stateMachineVersionArn);
  const received = `Received: [${arns.join(', ')}]`;
  const parts = arns.map((arn) => arnParts(arn, 'stateMachine'));
  if (parts.some(([, , number]) => !/^\d+$/.test(number ?? '')))
    throw invalid(`Routing configuration must contain state machine version ARNs. ${received}`);
  if (new Set(arns).size < arns.length)
    throw invalid(`Routing configuration must contain distinct state machine version ARNs. ${received}`);
  const weights = routing.map((route) => route.weight);
  if (weights.reduce((sum, weight) => sum + weight, 0) !== 100)
    throw invalid(`Sum of routing configuration weights must equal 100. Received: [${weights.join(', ')}]`);
  const machines = new Set(parts.map(([, name = '']) => stateMachineArn(name)));
  const [machine = ''] = machines;
  if (machines.size > 1)
    throw invalid(`Routing configuration must contain versions of one state machine. ${received}`);
  return machine;
}

function checkVersions(db: Database.Database, routing: Routing): void {
  for (const { stateMachineVersionArn: arn } of routing) if (!version(db, arn)) throw referenceMissing();
}

function aliasedMachine(aliasArn: string): string {
  const [, machine = '', name] = arnParts(aliasArn, 'stateMachine');
  if (name === undefined)
    throw invalid(`The ARN of a state machine alias is expected. Received: ${aliasArn}`);
  return stateMachineArn(machine);
}

function existingAlias(db: Database.Database, arn: string): AliasRow {
  const row = alias(db, arn);
  if (!row) throw referenceMissing();
  return row;
}

const referenceMissing = (): AwsError =>
  new AwsError('ResourceNotFound', 'Request references a resource that does not exist.');

function insertAlias(db: Database.Database, row: AliasRow): void {
  const { count } = statement(
    db,
    'SELECT count(*) AS count FROM state_machine_aliases WHERE machine_arn = ?',
  ).get(row.machine_arn) as { count: number };
  if (count >= mostAliases)
    throw new AwsError('ServiceQuotaExceededException', `The number of aliases exceeds ${mostAliases}`, 402);
  statement(
    db,
    `INSERT INTO state_machine_aliases (arn, machine_arn, name, description, routing, creation_date, update_date)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(row.arn, row.machine_arn, row.name, row.description, row.routing, row.creation_date, row.update_date);
}
