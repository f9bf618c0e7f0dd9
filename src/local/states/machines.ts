import { randomUUID } from 'node:crypto';
import { DefinitionError, diagnose, refuse } from '../../asl/definition.js';
import type { JsonObject } from '../../asl/json.js';
import { resourceOf, stateMachineArn } from '../arns.js';
import { AwsError } from '../ports.js';
import { type StateMachineRow, stateMachine } from '../runtime/tables.js';
import { statement } from '../store/statements.js';
import type { StatesContext } from './api.js';
import { nameProblem } from './names.js';
import {
  encodePageToken,
  oneOf,
  optionalBoolean,
  optionalObject,
  optionalString,
  pagePosition,
  pageSize,
  requiredString,
  validationError,
} from './request.js';
import { seconds, stateMachineDescription, stateMachineItem } from './wire.js';

const configurationMembers = [
  'loggingConfiguration',
  'tracingConfiguration',
  'encryptionConfiguration',
] as const;

export async function createStateMachine(context: StatesContext, input: JsonObject): Promise<JsonObject> {
  const name = requiredString(input, 'name');
  const definition = requiredString(input, 'definition');
  const roleArn = requiredString(input, 'roleArn');
  refuseVersions(input);
  if (nameProblem(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  if (!roleArn.startsWith('arn:'))
    throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${roleArn}'`);
  const type = oneOf(input, 'type', ['STANDARD', 'EXPRESS']) ?? 'STANDARD';
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
    configuration: configuration(input, {}),
  };
  const kept = await context.store.write((db) => {
    const existing = stateMachine(db, row.arn);
    if (!existing) {
      insertStateMachine(db, row);
      return row;
    }
    const same = (['type', 'definition', 'role_arn', 'configuration'] as const).every(
      (key) => existing[key] === row[key],
    );
    if (!same) {
      throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${row.arn}'`);
    }
    return existing;
  });
  return { stateMachineArn: kept.arn, creationDate: seconds(kept.creation_date) };
}

export async function updateStateMachine(context: StatesContext, input: JsonObject): Promise<JsonObject> {
  const arn = machineArn(input);
  refuseVersions(input);
  const definition = optionalString(input, 'definition');
  const roleArn = optionalString(input, 'roleArn');
  const configured = configurationMembers.some((member) => input[member] !== undefined);
  if (definition === undefined && roleArn === undefined && !configured) {
    throw new AwsError(
      'MissingRequiredParameter',
      'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
    );
  }
  if (definition !== undefined) {
    const { type } = existing(
      context.store.read((db) => stateMachine(db, arn)),
      arn,
    );
    await checkDefinition(context, definition, type);
  }
  const updateDate = context.clock.now();
  const revisionId = randomUUID();
  await context.store.write((db) => {
    const row = existing(stateMachine(db, arn), arn);
    statement(
      db,
      `UPDATE state_machines SET definition = ?, role_arn = ?, configuration = ?, update_date = ?, revision_id = ?
       WHERE arn = ?`,
    ).run(
      definition ?? row.definition,
      roleArn ?? row.role_arn,
      configuration(input, JSON.parse(row.configuration) as JsonObject),
      updateDate,
      revisionId,
      arn,
    );
  });
  return { updateDate: seconds(updateDate), revisionId };
}

/** As on AWS, deleting what is not there is no error. */
export async function deleteStateMachine(context: StatesContext, input: JsonObject): Promise<JsonObject> {
  const arn = machineArn(input);
  await context.store.write((db) => statement(db, 'DELETE FROM state_machines WHERE arn = ?').run(arn));
  return {};
}

export async function describeStateMachine(context: StatesContext, input: JsonObject): Promise<JsonObject> {
  const arn = machineArn(input);
  return stateMachineDescription(
    existing(
      context.store.read((db) => stateMachine(db, arn)),
      arn,
    ),
  );
}

export async function listStateMachines(context: StatesContext, input: JsonObject): Promise<JsonObject> {
  const limit = pageSize(input);
  const after = pagePosition(input, 'machines') ?? '';
  const rows = context.store.read(
    (db) =>
      statement(db, 'SELECT * FROM state_machines WHERE name > ? ORDER BY name LIMIT ?').all(
        after,
        limit + 1,
      ) as StateMachineRow[],
  );
  const page = rows.slice(0, limit);
  return {
    stateMachines: page.map(stateMachineItem),
    ...(rows.length > limit && { nextToken: encodePageToken('machines', page.at(-1)?.name ?? '') }),
  };
}

export function insertStateMachine(db: Parameters<typeof stateMachine>[0], row: StateMachineRow): void {
  statement(
    db,
    `INSERT INTO state_machines (arn, name, type, definition, role_arn, creation_date, update_date, revision_id, configuration)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    row.arn,
    row.name,
    row.type,
    row.definition,
    row.role_arn,
    row.creation_date,
    row.update_date,
    row.revision_id,
    row.configuration,
  );
}

/** The request's `stateMachineArn`, checked to be one. */
export function machineArn(input: JsonObject, member = 'stateMachineArn'): string {
  const arn = requiredString(input, member);
  const resource = resourceOf(arn);
  if (!resource) throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  if (resource[0] !== 'stateMachine') {
    throw new AwsError(
      'InvalidArn',
      `Invalid Arn: 'Resource type not valid in this context: ${resource[0]}'`,
    );
  }
  return arn;
}

export function existing<T>(row: T | undefined, arn: string): T {
  if (row === undefined)
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  return row;
}

async function checkDefinition(
  context: StatesContext,
  definition: string,
  type: 'STANDARD' | 'EXPRESS',
): Promise<void> {
  if (Buffer.byteLength(definition) > 1 << 20) {
    throw validationError(
      `Value at 'definition' failed to satisfy constraint: Member must have length less than or equal to 1048576`,
    );
  }
  try {
    refuse(await diagnose(definition, type));
    context.executions.machine(definition);
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${error.message}'`);
  }
}

function configuration(input: JsonObject, before: JsonObject): string {
  const after: JsonObject = { ...before };
  for (const member of [...configurationMembers, 'tags'] as const) {
    const value = member === 'tags' ? input.tags : optionalObject(input, member);
    if (value !== undefined) after[member] = value;
  }
  return JSON.stringify(after);
}

function refuseVersions(input: JsonObject): void {
  if (optionalBoolean(input, 'publish') || input.versionDescription !== undefined) {
    throw validationError(
      'mbc-flow does not publish state machine versions yet (publish, versionDescription)',
    );
  }
}
