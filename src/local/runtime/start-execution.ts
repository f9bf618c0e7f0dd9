import { randomInt, randomUUID } from 'node:crypto';
import type Database from 'libsql';
import type { JsonObject } from '../../json/json.js';
import { executionArn, expressArn, resourceOf, stateMachineArn } from '../arns.js';
import { AwsError } from '../ports.js';
import type { Store } from '../store/port.js';
import { type ConfigurationAtStart, type ExecutionRow, executionByArn } from './execution-tables.js';
import type { Executions } from './executions.js';
import type { NewExecution } from './live-execution.js';
import { alias, type Route, type StateMachineRow, stateMachine, version } from './machine-tables.js';

/** What a start through the ARN of a machine, a version or an alias will run. */
export interface Target {
  machine: StateMachineRow;
  /** Of the machine, or of the version. */
  revision: Pick<StateMachineRow, 'definition' | 'role_arn' | 'revision_id' | 'configuration'>;
  updateDate: number;
  versionArn?: string;
  aliasArn?: string;
}

/** @throws AwsError StateMachineDoesNotExist */
export function startTarget(db: Database.Database, arn: string): Target {
  const [, name = '', qualifier] = resourceOf(arn) ?? [];
  const machine = stateMachine(db, stateMachineArn(name));
  const missing = new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  if (!machine) throw missing;
  if (qualifier === undefined) {
    if (machine.arn !== arn) throw missing;
    return { machine, revision: machine, updateDate: machine.update_date ?? machine.creation_date };
  }
  const aliasRow = alias(db, arn);
  const versionArn = aliasRow ? drawn(JSON.parse(aliasRow.routing) as Route[]) : arn;
  const published = version(db, versionArn);
  if (!published) throw missing;
  return {
    machine,
    revision: published,
    updateDate: published.creation_date,
    versionArn,
    ...(aliasRow && { aliasArn: arn }),
  };
}

function drawn(routes: Route[]): string {
  let left = randomInt(100);
  const route = routes.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  return (route ?? routes[0])?.stateMachineVersionArn ?? '';
}

interface Start {
  name: string;
  /** JSON text. */
  input: string;
  traceHeader?: string;
  parentTask?: NewExecution['parentTask'];
  testCase?: string;
  synchronous?: boolean;
}

/**
 * Starts an execution. On STANDARD machines the same start while it still runs is answered with the execution that
 * there is; EXPRESS executions may share a name.
 * @throws AwsError ExecutionAlreadyExists
 */
export async function startExecution(
  store: Store,
  executions: Executions,
  target: Target,
  start: Start,
): Promise<ExecutionRow> {
  const { machine, revision } = target;
  if (executions.deletions.has(machine.arn)) throw machineDeleting(machine.arn);
  const express = machine.type === 'EXPRESS';
  const arn = express
    ? expressArn(machine.name, start.name, randomUUID())
    : executionArn(machine.name, start.name);
  const execution: NewExecution = {
    ...start,
    arn,
    machineArn: machine.arn,
    machineName: machine.name,
    type: machine.type,
    roleArn: revision.role_arn,
    definition: revision.definition,
    configuration: configurationAtStart(target),
    versionArn: target.versionArn,
    aliasArn: target.aliasArn,
  };
  try {
    return await executions.start(execution, (db) => {
      if (executionByArn(db, arn)) throw new NameTaken();
    });
  } catch (error) {
    if (!(error instanceof NameTaken)) throw error;
    const taken = store.read((db) => executionByArn(db, arn));
    if (taken?.status === 'RUNNING' && taken.input === start.input) return taken;
    throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
  }
}

export const machineDeleting = (arn: string): AwsError =>
  new AwsError('StateMachineDeleting', `State Machine is being deleted: '${arn}'`);

class NameTaken extends Error {}

function configurationAtStart({ revision, updateDate }: Target): string {
  const configuration: ConfigurationAtStart = {
    ...(JSON.parse(revision.configuration) as JsonObject),
    ...(revision.revision_id !== null && { revisionId: revision.revision_id }),
    updateDate,
  };
  return JSON.stringify(configuration);
}
