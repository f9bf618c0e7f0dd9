import { randomUUID } from 'node:crypto';
import type Database from 'libsql';
import type { JsonObject } from '../../json/json.js';
import { account, stateMachineArn } from '../arns.js';
import { AwsError } from '../ports.js';
import { forgetOrigin, machineOrigin } from '../runtime/machine-origins.js';
import {
  alias,
  insertStateMachine,
  overwriteStateMachine,
  type StateMachineRow,
  stateMachine,
  version,
} from '../runtime/machine-tables.js';
import { statement } from '../store/statements.js';
import { routes } from './aliases.js';
import { configured } from './configuration.js';
import type { StatesContext } from './context.js';
import { checkDefinition } from './definitions.js';
import { machineDescription } from './descriptions.js';
import { existing, lasting, machineArnParts, machineMissing, refuseDeleting } from './existing-resources.js';
import { checkName, invalid, pageByName, seconds } from './requests/arns-names-pages.js';
import type { Input } from './requests/model.js';
import { insertTags } from './tags.js';
import { isPublished, publish } from './versions.js';

export async function createStateMachine(
  context: StatesContext,
  input: Input<'CreateStateMachine'>,
): Promise<JsonObject> {
  const { name, definition, roleArn, type = 'STANDARD', tags = [] } = input;
  checkName(name);
  arnPrefix(roleArn);
  checkVersionDescription(input);
  const configuration = configured(context, input);
  await checkDefinition(context, definition, type);
  const row: StateMachineRow = {
    arn: stateMachineArn(name),
    name,
    type,
    definition,
    role_arn: roleArn,
    creation_date: context.clock.now(),
    update_date: null,
    revision_id: null,
    configuration,
    last_version: 0,
  };
  return await context.store.write((db) => {
    const found = stateMachine(db, row.arn);
    refuseDeleting(context, row.arn);
    // Another role or other tags are not another machine.
    const differs =
      found &&
      ((['type', 'definition', 'configuration'] as const).some((key) => found[key] !== row[key]) ||
        (input.publish && !isPublished(db, found, input.versionDescription)));
    if (differs && !givesWay(context, db, found, roleArn))
      throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${row.arn}'`);
    if (differs) overwriteStateMachine(db, row);
    if (!found) insertStateMachine(db, row);
    if (!found || differs) insertTags(db, row.arn, tags);
    forgetOrigin(db, row.arn);
    context.registered?.add(row.arn);
    const kept = found && !differs ? found : row;
    return {
      stateMachineArn: kept.arn,
      creationDate: seconds(kept.creation_date),
      ...(input.publish && {
        stateMachineVersionArn: publish(db, context, kept, input.versionDescription).arn,
      }),
    };
  });
}

/** What an app's local environment registers at each of its starts, all with this role. */
const localRole = `arn:aws:iam::${account}:role/DummyRole`;

/**
 * Whoever registers a machine replaces a built-in one or one of a file. And Step Functions Local, in whose place this
 * server stands, forgets at its end what such an environment registered: here that gives way after a restart.
 */
const givesWay = (
  { registered }: StatesContext,
  db: Database.Database,
  { arn, role_arn: role }: StateMachineRow,
  roleArn: string,
): boolean =>
  machineOrigin(db, arn) !== undefined ||
  (role === localRole && roleArn === localRole && registered?.has(arn) === false);

export async function updateStateMachine(
  context: StatesContext,
  input: Input<'UpdateStateMachine'>,
): Promise<JsonObject> {
  const { stateMachineArn: arn, definition, roleArn } = input;
  machineArnParts(arn);
  const { loggingConfiguration, tracingConfiguration, encryptionConfiguration } = input;
  const configures = loggingConfiguration ?? tracingConfiguration ?? encryptionConfiguration;
  if (definition === undefined && roleArn === undefined && !configures && !input.publish) {
    throw new AwsError(
      'MissingRequiredParameter',
      'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
    );
  }
  if (roleArn !== undefined) arnPrefix(roleArn);
  checkVersionDescription(input);
  const before = lasting(context, arn);
  const configuration = configured(context, input, before.configuration);
  if (definition !== undefined) await checkDefinition(context, definition, before.type);
  const now = context.clock.now();
  return await context.store.write((db) => {
    const row = stateMachine(db, arn) ?? before;
    const after = {
      ...row,
      definition: definition ?? row.definition,
      role_arn: roleArn ?? row.role_arn,
      configuration,
    };
    // What changes nothing makes no revision.
    if ((['definition', 'role_arn', 'configuration'] as const).some((key) => after[key] !== row[key])) {
      Object.assign(after, { update_date: now, revision_id: randomUUID() });
      statement(
        db,
        `UPDATE state_machines SET definition = ?, role_arn = ?, configuration = ?, update_date = ?, revision_id = ?
         WHERE arn = ?`,
      ).run(after.definition, after.role_arn, configuration, after.update_date, after.revision_id, arn);
      forgetOrigin(db, arn);
    }
    return {
      updateDate: seconds(now),
      ...(after.revision_id !== null && { revisionId: after.revision_id }),
      ...(input.publish && {
        stateMachineVersionArn: publish(db, context, after, input.versionDescription).arn,
      }),
    };
  });
}

/** Executions under way end at their next state, and the machine is gone then. Deleting what is not there is no error. */
export async function deleteStateMachine(
  context: StatesContext,
  { stateMachineArn: arn }: Input<'DeleteStateMachine'>,
): Promise<JsonObject> {
  machineArnParts(arn);
  await context.store.write((db) => {
    if (stateMachine(db, arn)) context.executions.deletions.begin(db, arn);
    forgetOrigin(db, arn);
  });
  return {};
}

export async function describeStateMachine(
  context: StatesContext,
  { stateMachineArn: arn, includedData }: Input<'DescribeStateMachine'>,
): Promise<JsonObject> {
  const [, name = '', qualifier] = machineArnParts(arn);
  const withData = includedData !== 'METADATA_ONLY';
  const machine = existing(context, stateMachineArn(name));
  const status = context.executions.deletions.has(machine.arn) ? 'DELETING' : 'ACTIVE';
  if (qualifier === undefined) return machineDescription({ ...machine, status }, withData);
  const published = context.store.read((db) => version(db, versionOf(db, arn)));
  if (!published) throw machineMissing(arn);
  const { description } = published;
  return {
    ...machineDescription({ ...machine, ...published, status }, withData),
    ...(description !== null && { description }),
  };
}

/** What an alias is of: the version that most of its executions run. */
function versionOf(db: Database.Database, arn: string): string {
  const row = alias(db, arn);
  if (!row) return arn;
  const [most] = routes(row).toSorted((a, b) => b.weight - a.weight);
  return most?.stateMachineVersionArn ?? arn;
}

export async function listStateMachines(
  context: StatesContext,
  input: Input<'ListStateMachines'>,
): Promise<JsonObject> {
  const { rows, ...more } = pageByName<StateMachineRow>(context, 'state_machines', input);
  const stateMachines = rows.map(({ arn, name, type, creation_date: created }) => ({
    stateMachineArn: arn,
    name,
    type,
    creationDate: seconds(created),
  }));
  return { stateMachines, ...more };
}

function arnPrefix(roleArn: string): void {
  if (!roleArn.startsWith('arn:'))
    throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${roleArn}'`);
}

function checkVersionDescription(input: { publish?: boolean; versionDescription?: string }): void {
  if (input.versionDescription !== undefined && !input.publish)
    throw invalid('Version description can only be set when publish is true');
}
