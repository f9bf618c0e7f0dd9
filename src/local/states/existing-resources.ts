import type Database from 'libsql';
import { AwsError } from '../ports.js';
import {
  type ExecutionRow,
  executionByArn,
  type MapRunRow,
  mapRunByArn,
} from '../runtime/execution-tables.js';
import { type StateMachineRow, stateMachine } from '../runtime/machine-tables.js';
import { machineDeleting } from '../runtime/start-execution.js';
import type { StatesContext } from './context.js';
import { arnParts, invalid } from './requests/arns-names-pages.js';

/** What requests name by ARN, or AWS's complaint that it is not there. */

/** @throws AwsError StateMachineDoesNotExist */
export function existing(context: StatesContext, arn: string, db?: Database.Database): StateMachineRow {
  const row = db ? stateMachine(db, arn) : context.store.read((reader) => stateMachine(reader, arn));
  if (!row) throw machineMissing(arn);
  return row;
}

/**
 * A machine that is not being deleted.
 * @throws AwsError StateMachineDoesNotExist, StateMachineDeleting
 */
export function lasting(context: StatesContext, arn: string, db?: Database.Database): StateMachineRow {
  const row = existing(context, arn, db);
  refuseDeleting(context, arn);
  return row;
}

export function refuseDeleting({ executions }: StatesContext, arn: string): void {
  if (executions.deletions.has(arn)) throw machineDeleting(arn);
}

/**
 * The parts of a machine's ARN, or a version's or an alias's.
 * @throws AwsError InvalidArn, ValidationException: it names the Distributed Map of a machine
 */
export function machineArnParts(arn: string): string[] {
  const parts = arnParts(arn, 'stateMachine');
  if (parts[1]?.includes('/'))
    throw invalid(`The ARN of a state machine is expected, not of a Distributed Map. Received: ${arn}`);
  return parts;
}

export const machineMissing = (arn: string): AwsError =>
  new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);

/** @throws AwsError InvalidArn (of EXPRESS executions too), ExecutionDoesNotExist */
export function existingExecution(context: StatesContext, arn: string): ExecutionRow {
  arnParts(arn, 'execution');
  const row = context.store.read((db) => executionByArn(db, arn));
  if (!row) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return row;
}

/** The same, and EXPRESS executions that a map run started: they can be described. */
export function describedExecution(context: StatesContext, arn: string): ExecutionRow {
  const child = context.store.read((db) => executionByArn(db, arn));
  return child && child.map_run_id !== null ? child : existingExecution(context, arn);
}

/** @throws AwsError InvalidArn, ResourceNotFound */
export function existingMapRun(context: StatesContext, arn: string): MapRunRow {
  arnParts(arn, 'mapRun');
  const row = context.store.read((db) => mapRunByArn(db, arn));
  if (!row) throw new AwsError('ResourceNotFound', `Map Run Does Not Exist: '${arn}'`);
  return row;
}
