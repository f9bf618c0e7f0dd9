import { variableReferences } from '../../asl/language/variable-references.js';
import type { Json, JsonObject } from '../../json/json.js';
import type { ExecutionRow } from '../runtime/execution-tables.js';
import type { StateMachineRow } from '../runtime/machine-tables.js';
import { defaultConfiguration } from './configuration.js';
import { seconds } from './requests/arns-names-pages.js';

/** Rows as the API's answers show them. Times are epoch seconds on this wire; what is absent has no key. */

/** What DescribeStateMachine and DescribeStateMachineForExecution have in common. */
export function machineFacts(
  row: Pick<StateMachineRow, 'arn' | 'name' | 'definition' | 'role_arn' | 'revision_id'>,
  configuration: JsonObject,
  withData: boolean,
): JsonObject {
  const references = variableReferences(JSON.parse(row.definition) as JsonObject);
  return {
    stateMachineArn: row.arn,
    name: row.name,
    definition: withData ? row.definition : '{}',
    roleArn: row.role_arn,
    ...(JSON.parse(defaultConfiguration) as JsonObject),
    ...configuration,
    ...(row.revision_id !== null && { revisionId: row.revision_id }),
    ...(withData && Object.keys(references).length > 0 && { variableReferences: references }),
  };
}

export function machineDescription(
  row: Omit<StateMachineRow, 'last_version'> & { status: 'ACTIVE' | 'DELETING' },
  withData: boolean,
): JsonObject {
  return {
    ...machineFacts(row, JSON.parse(row.configuration) as JsonObject, withData),
    status: row.status,
    type: row.type,
    creationDate: seconds(row.creation_date),
  };
}

/** `mapRunArn`: of the map run that it is a child of. */
export function executionItem(row: ExecutionRow, mapRunArn?: string): JsonObject {
  return {
    executionArn: row.arn,
    stateMachineArn: row.machine_arn,
    name: row.name,
    status: row.status,
    startDate: seconds(row.start_date),
    ...(row.stop_date !== null && { stopDate: seconds(row.stop_date) }),
    ...(mapRunArn !== undefined && { mapRunArn }),
    ...(row.version_arn !== null && { stateMachineVersionArn: row.version_arn }),
    ...(row.alias_arn !== null && { stateMachineAliasArn: row.alias_arn }),
    redriveCount: row.redrive_count,
    ...(row.redrive_date !== null && { redriveDate: seconds(row.redrive_date) }),
  };
}

export function executionData(row: ExecutionRow, withData: boolean): JsonObject {
  const included = { included: withData };
  return {
    ...(withData && { input: row.input }),
    inputDetails: included,
    ...(withData && row.output !== null && { output: row.output }),
    ...(row.output !== null && { outputDetails: included }),
    ...(withData && given('error', row.error)),
    ...(withData && given('cause', row.cause)),
    ...given('traceHeader', row.trace_header),
  };
}

const given = (member: string, value: Json): JsonObject => (value === null ? {} : { [member]: value });
