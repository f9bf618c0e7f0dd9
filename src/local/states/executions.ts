import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../json/json.js';
import { AwsError } from '../ports.js';
import {
  type ConfigurationAtStart,
  type ExecutionRow,
  executionOf,
  mapRunById,
  type ParentTask,
  textOf,
} from '../runtime/execution-tables.js';
import { alias } from '../runtime/machine-tables.js';
import { redrivability } from '../runtime/redrivability.js';
import { startExecution as begin, startTarget } from '../runtime/start-execution.js';
import { statement } from '../store/statements.js';
import type { StatesContext } from './context.js';
import { executionData, executionItem, machineFacts } from './descriptions.js';
import { describedExecution, existingExecution, existingMapRun } from './existing-resources.js';
import { textProblem } from './json-problem.js';
import { arnParts, checkName, invalid, page, seconds } from './requests/arns-names-pages.js';
import { type Input, model } from './requests/model.js';
import { readInput } from './requests/read-input.js';

export async function startExecution(
  context: StatesContext,
  input: Input<'StartExecution'>,
): Promise<JsonObject> {
  return started(await start(context, input));
}

/** The same, as a Task of another execution asks for it. */
export async function startExecutionOfTask(
  context: StatesContext,
  input: JsonObject,
  parentTask: ParentTask,
): Promise<JsonObject> {
  return started(await start(context, readInput(model.StartExecution, input), { parentTask }));
}

const started = (row: ExecutionRow): JsonObject => ({
  executionArn: row.arn,
  startDate: seconds(row.start_date),
});

const billingStep = 100;

export async function startSyncExecution(
  context: StatesContext,
  input: Input<'StartSyncExecution'>,
): Promise<JsonObject> {
  const row = await context.executions.ended(
    await start(context, input, { only: 'EXPRESS', synchronous: true }),
  );
  const stopDate = row.stop_date ?? row.start_date;
  const included = input.includedData !== 'METADATA_ONLY';
  return {
    executionArn: row.arn,
    stateMachineArn: row.version_arn ?? row.machine_arn,
    name: row.name,
    startDate: seconds(row.start_date),
    stopDate: seconds(stopDate),
    status: row.status,
    ...executionData(row, included),
    // Here AWS has it even where there is no output.
    outputDetails: { included },
    billingDetails: {
      billedDurationInMilliseconds:
        Math.max(1, Math.ceil((stopDate - row.start_date) / billingStep)) * billingStep,
      billedMemoryUsedInMB: 64,
    },
  };
}

interface StartOptions {
  only?: 'EXPRESS';
  synchronous?: boolean;
  parentTask?: ParentTask;
}

async function start(
  context: StatesContext,
  { stateMachineArn, name = randomUUID(), input = '{}', traceHeader }: Input<'StartExecution'>,
  { only, synchronous, parentTask }: StartOptions = {},
): Promise<ExecutionRow> {
  // `#CASE` after the ARN chooses a test case of the mocks.
  const [arn = '', testCase] = stateMachineArn.split('#');
  const [, machine = ''] = arnParts(arn, 'stateMachine');
  if (machine.includes('/')) throw invalid('The state machine of a map run cannot be started by itself');
  checkName(name);
  const problem = textProblem(input);
  if (problem !== undefined) {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${problem}'`);
  }
  const target = context.store.read((db) => startTarget(db, arn));
  if (only && target.machine.type !== only) throw typeNotSupported();
  return await begin(context.store, context.executions, target, {
    name,
    input,
    traceHeader,
    parentTask,
    testCase,
    synchronous,
  });
}

export async function stopExecution(
  context: StatesContext,
  { executionArn, error, cause }: Input<'StopExecution'>,
): Promise<JsonObject> {
  const row = existingExecution(context, executionArn);
  const stopDate =
    (await context.executions.stop(row.id, error, cause)) ?? row.stop_date ?? context.clock.now();
  return { stopDate: seconds(stopDate) };
}

export async function describeExecution(
  context: StatesContext,
  { executionArn, includedData }: Input<'DescribeExecution'>,
): Promise<JsonObject> {
  const row = describedExecution(context, executionArn);
  return {
    ...executionItem(row, parentMapRun(context, row)),
    ...executionData(row, includedData !== 'METADATA_ONLY'),
    ...redrivability(context, row),
  };
}

export async function describeStateMachineForExecution(
  context: StatesContext,
  { executionArn, includedData }: Input<'DescribeStateMachineForExecution'>,
): Promise<JsonObject> {
  const row = describedExecution(context, executionArn);
  const { configuration_id: id } = row;
  const [definition, configuration] = context.store.read((db) => [
    textOf(db, row.definition_id),
    id === null ? undefined : (JSON.parse(textOf(db, id)) as ConfigurationAtStart),
  ]);
  const { updateDate = row.start_date, revisionId = null, ...settings } = configuration ?? {};
  const mapRunArn = parentMapRun(context, row);
  const [, label] = row.machine_name.split('/');
  return {
    ...machineFacts(
      {
        arn: row.machine_arn,
        name: row.machine_name,
        definition,
        role_arn: row.role_arn,
        revision_id: revisionId,
      },
      settings,
      includedData !== 'METADATA_ONLY',
    ),
    updateDate: seconds(updateDate),
    ...(mapRunArn !== undefined && { mapRunArn }),
    ...(label !== undefined && { label }),
  };
}

export async function listExecutions(
  context: StatesContext,
  input: Input<'ListExecutions'>,
): Promise<JsonObject> {
  const { stateMachineArn, mapRunArn, statusFilter, redriveFilter } = input;
  const owner = listOwner(context, stateMachineArn, mapRunArn);
  if (statusFilter === 'PENDING_REDRIVE' && mapRunArn === undefined)
    throw invalid('The status filter PENDING_REDRIVE can only be used with a mapRunArn');
  const where = [
    owner.where,
    'id < ?',
    ...(statusFilter ? ['status = ?'] : []),
    ...(redriveFilter ? [redriveFilter === 'REDRIVEN' ? 'redrive_count > 0' : 'redrive_count = 0'] : []),
  ].join(' AND ');
  const { rows, ...more } = page(
    context,
    `executions ${stateMachineArn ?? mapRunArn} ${statusFilter} ${redriveFilter}`,
    input,
    (db, before = Number.MAX_SAFE_INTEGER, count) =>
      statement(db, `SELECT * FROM executions WHERE ${where} ORDER BY id DESC LIMIT ?`)
        .all(...owner.values, before, ...(statusFilter ? [statusFilter] : []), count)
        .map(executionOf),
    (row) => row.id,
  );
  const executions = rows.map((row) => ({
    ...executionItem(row, mapRunArn),
    ...(mapRunArn !== undefined && { itemCount: row.item_count ?? 1 }),
  }));
  return { executions, ...more };
}

/** Executions of a machine, of what was started through a version or an alias of it, or a map run's children. */
function listOwner(
  context: StatesContext,
  arn: string | undefined,
  mapRunArn: string | undefined,
): { where: string; values: (string | number)[] } {
  if (arn === undefined) {
    if (mapRunArn === undefined) throw invalid('Must provide exactly one of stateMachineArn and mapRunArn');
    return { where: 'map_run_id = ?', values: [existingMapRun(context, mapRunArn).id] };
  }
  if (mapRunArn !== undefined) throw invalid('Must provide exactly one of stateMachineArn and mapRunArn');
  const [, , qualifier] = arnParts(arn, 'stateMachine');
  const { machine } = context.store.read((db) => startTarget(db, arn));
  if (machine.type !== 'STANDARD') throw typeNotSupported();
  const ofMachine = 'machine_arn = ? AND map_run_id IS NULL';
  if (qualifier === undefined) return { where: ofMachine, values: [machine.arn] };
  const column = context.store.read((db) => alias(db, arn)) ? 'alias_arn' : 'version_arn';
  return { where: `${ofMachine} AND ${column} = ?`, values: [machine.arn, arn] };
}

const typeNotSupported = (): AwsError =>
  new AwsError(
    'StateMachineTypeNotSupported',
    'This operation is not supported by this type of state machine',
  );

function parentMapRun(context: StatesContext, { map_run_id: id }: ExecutionRow): string | undefined {
  return id === null ? undefined : context.store.read((db) => mapRunById(db, id))?.arn;
}
