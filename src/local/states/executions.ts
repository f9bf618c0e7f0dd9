import { randomUUID } from 'node:crypto';
import type { HistoryEvent } from '../../asl/history-event.js';
import type { JsonObject } from '../../asl/json.js';
import { executionArn, expressArn, resourceOf } from '../arns.js';
import { AwsError } from '../ports.js';
import {
  definitionText,
  type ExecutionRow,
  executionByArn,
  executionById,
  type MapRunRow,
  mapRunByArn,
  mapRunById,
  type ParentTask,
  type StepRow,
  stateMachine,
} from '../runtime/tables.js';
import { statement } from '../store/statements.js';
import type { StatesContext } from './api.js';
import { existing, machineArn } from './machines.js';
import { nameProblem } from './names.js';
import {
  encodePageToken,
  oneOf,
  optionalBoolean,
  optionalString,
  pagePosition,
  pageSize,
  requiredString,
  validationError,
} from './request.js';
import {
  executionDescription,
  executionItem,
  historyEvent,
  mapRunDescription,
  mapRunItem,
  seconds,
  stateMachineDescription,
} from './wire.js';

const inputLimit = 262_144;
const statuses = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'] as const;

/** @param parentTask the Task of another execution that starts it */
export async function startExecution(
  context: StatesContext,
  input: JsonObject,
  parentTask?: ParentTask,
): Promise<JsonObject> {
  // `#CASE` after the ARN chooses a test case of the mocks.
  const [arn = '', testCase] = machineArn(input).split('#');
  const name = optionalString(input, 'name') ?? randomUUID();
  const text = optionalString(input, 'input') ?? '{}';
  if (nameProblem(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  checkInput(text);
  const machine = existing(
    context.store.read((db) => stateMachine(db, arn)),
    arn,
  );
  const express = machine.type === 'EXPRESS';
  const newArn = express ? expressArn(machine.name, name, randomUUID()) : executionArn(machine.name, name);
  const start = {
    arn: newArn,
    name,
    machineArn: arn,
    machineName: machine.name,
    type: machine.type,
    roleArn: machine.role_arn,
    definition: machine.definition,
    input: text,
    parentTask,
    testCase,
  };
  try {
    const row = await context.executions.start(start, (db) => {
      if (executionByArn(db, newArn)) throw new NameTaken();
    });
    return { executionArn: row.arn, startDate: seconds(row.start_date) };
  } catch (error) {
    if (!(error instanceof NameTaken)) throw error;
    const taken = context.store.read((db) => executionByArn(db, newArn));
    // The same start while it still runs is answered with the execution that there is.
    if (taken?.status === 'RUNNING' && taken.input === text) {
      return { executionArn: taken.arn, startDate: seconds(taken.start_date) };
    }
    throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${newArn}'`);
  }
}

class NameTaken extends Error {}

export async function stopExecution(context: StatesContext, input: JsonObject): Promise<JsonObject> {
  const row = execution(context, input);
  const error = optionalString(input, 'error');
  const cause = optionalString(input, 'cause');
  const stopDate =
    (await context.executions.stop(row.id, error, cause)) ?? row.stop_date ?? context.clock.now();
  return { stopDate: seconds(stopDate) };
}

export async function describeExecution(context: StatesContext, input: JsonObject): Promise<JsonObject> {
  const row = execution(context, input);
  return executionDescription(row, parentMapRun(context, row)?.arn);
}

export async function describeStateMachineForExecution(
  context: StatesContext,
  input: JsonObject,
): Promise<JsonObject> {
  const row = execution(context, input);
  return context.store.read((db) => {
    const {
      status: _,
      creationDate: __,
      type: ___,
      ...description
    } = stateMachineDescription({
      arn: row.machine_arn,
      name: row.machine_name,
      type: row.type,
      definition: definitionText(db, row.definition_id),
      role_arn: row.role_arn,
      creation_date: row.start_date,
      update_date: null,
      revision_id: null,
      configuration: stateMachine(db, row.machine_arn)?.configuration ?? '{}',
    });
    return { ...description, updateDate: seconds(row.start_date) };
  });
}

export async function listExecutions(context: StatesContext, input: JsonObject): Promise<JsonObject> {
  const limit = pageSize(input);
  const status = oneOf(input, 'statusFilter', statuses);
  const runArn = optionalString(input, 'mapRunArn');
  if ((runArn === undefined) === (input.stateMachineArn === undefined)) {
    throw validationError('Must provide exactly one of stateMachineArn and mapRunArn');
  }
  const [where, owner] =
    runArn === undefined
      ? (['machine_arn = ? AND map_run_id IS NULL', standardMachine(context, machineArn(input))] as const)
      : (['map_run_id = ?', mapRun(context, runArn).id] as const);
  const before = pagePosition(input, 'executions') ?? Number.MAX_SAFE_INTEGER;
  const rows = context.store.read(
    (db) =>
      statement(
        db,
        `SELECT * FROM executions WHERE ${where} AND id < ? ${status ? 'AND status = ?' : ''} ORDER BY id DESC LIMIT ?`,
      ).all(...[owner, before, ...(status ? [status] : []), limit + 1]) as ExecutionRow[],
  );
  const page = rows.slice(0, limit);
  return {
    executions: page.map((row) => executionItem(row, runArn)),
    ...(rows.length > limit && { nextToken: encodePageToken('executions', page.at(-1)?.id ?? 0) }),
  };
}

export async function getExecutionHistory(context: StatesContext, input: JsonObject): Promise<JsonObject> {
  const row = execution(context, input);
  const limit = pageSize(input);
  const reverse = optionalBoolean(input, 'reverseOrder') ?? false;
  const withData = optionalBoolean(input, 'includeExecutionData') ?? true;
  const position = pagePosition(input, reverse ? 'reverse' : 'history');
  const from = typeof position === 'number' ? position : reverse ? Number.MAX_SAFE_INTEGER : 0;
  const found: HistoryEvent[] = [];
  for (const event of events(context, row.id, from, reverse)) {
    found.push(event);
    if (found.length > limit) break;
  }
  const page = found.slice(0, limit);
  return {
    events: page.map((event) => historyEvent(event, withData)),
    ...(found.length > limit && {
      nextToken: encodePageToken(reverse ? 'reverse' : 'history', page.at(-1)?.id ?? 0),
    }),
  };
}

/** Events past `from` in the asked direction; steps are read a few at a time, as a step may hold much. */
function* events(
  context: StatesContext,
  executionId: number,
  from: number,
  reverse: boolean,
): Generator<HistoryEvent> {
  const stepsPerRead = 32;
  const sql = reverse
    ? 'SELECT seq, events FROM steps WHERE execution_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?'
    : 'SELECT seq, events FROM steps WHERE execution_id = ? AND seq > ? ORDER BY seq LIMIT ?';
  let seq = context.store.read((db) => firstStep(db, executionId, from, reverse));
  for (;;) {
    const steps = context.store.read(
      (db) => statement(db, sql).all(executionId, seq, stepsPerRead) as Pick<StepRow, 'seq' | 'events'>[],
    );
    for (const step of steps) {
      const inStep = JSON.parse(step.events) as HistoryEvent[];
      if (reverse) inStep.reverse();
      for (const event of inStep) if (reverse ? event.id < from : event.id > from) yield event;
      seq = step.seq;
    }
    if (steps.length < stepsPerRead) return;
  }
}

/** The step before the first one that can hold an event past `from` (after it, when reading backwards). */
function firstStep(
  db: Parameters<typeof stateMachine>[0],
  executionId: number,
  from: number,
  reverse: boolean,
): number {
  if (reverse && from === Number.MAX_SAFE_INTEGER) return from;
  if (!reverse && from === 0) return -1;
  const row = statement(
    db,
    'SELECT seq FROM steps WHERE execution_id = ? AND last_event >= ? ORDER BY seq LIMIT 1',
  ).get(executionId, from) as { seq: number } | undefined;
  const holding = row?.seq ?? 0;
  return reverse ? holding + 1 : holding - 1;
}

export async function listMapRuns(context: StatesContext, input: JsonObject): Promise<JsonObject> {
  const row = execution(context, input);
  const limit = pageSize(input);
  const after = pagePosition(input, 'mapRuns') ?? 0;
  const rows = context.store.read(
    (db) =>
      statement(db, 'SELECT * FROM map_runs WHERE execution_id = ? AND id > ? ORDER BY id LIMIT ?').all(
        row.id,
        after,
        limit + 1,
      ) as MapRunRow[],
  );
  const page = rows.slice(0, limit);
  return {
    mapRuns: page.map((run) => mapRunItem(run, row.arn, row.machine_arn)),
    ...(rows.length > limit && { nextToken: encodePageToken('mapRuns', page.at(-1)?.id ?? 0) }),
  };
}

export async function describeMapRun(context: StatesContext, input: JsonObject): Promise<JsonObject> {
  const row = mapRun(context, requiredString(input, 'mapRunArn'));
  const parent = context.store.read((db) => executionById(db, row.execution_id));
  return mapRunDescription(row, parent?.arn ?? '');
}

function execution(context: StatesContext, input: JsonObject): ExecutionRow {
  const arn = requiredString(input, 'executionArn');
  const resource = resourceOf(arn);
  if (!resource) throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  if (resource[0] !== 'execution') {
    throw new AwsError(
      'InvalidArn',
      `Invalid Arn: 'Resource type not valid in this context: ${resource[0]}'`,
    );
  }
  const row = context.store.read((db) => executionByArn(db, arn));
  if (!row) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return row;
}

function standardMachine(context: StatesContext, arn: string): string {
  const machine = existing(
    context.store.read((db) => stateMachine(db, arn)),
    arn,
  );
  if (machine.type === 'STANDARD') return arn;
  throw new AwsError(
    'StateMachineTypeNotSupported',
    'This operation is not supported by this type of state machine',
  );
}

function mapRun(context: StatesContext, arn: string): MapRunRow {
  if (resourceOf(arn)?.[0] !== 'mapRun')
    throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  const row = context.store.read((db) => mapRunByArn(db, arn));
  if (!row) throw new AwsError('ResourceNotFound', `Map Run Does Not Exist: '${arn}'`);
  return row;
}

function parentMapRun(context: StatesContext, row: ExecutionRow): MapRunRow | undefined {
  const { map_run_id: id } = row;
  return id === null ? undefined : context.store.read((db) => mapRunById(db, id));
}

function checkInput(text: string): void {
  if (Buffer.byteLength(text) > inputLimit) {
    throw validationError(
      `Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${inputLimit}`,
    );
  }
  if (text === '') {
    throw new AwsError(
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: 'Invalid execution input.'`,
    );
  }
  try {
    JSON.parse(text);
  } catch {
    const token = /^[\s[{":,]*([^\s,:[\]{}"]*)/.exec(text)?.[1] ?? '';
    throw new AwsError(
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: 'Unrecognized token '${token}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'`,
    );
  }
}
