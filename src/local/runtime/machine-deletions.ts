import type Database from 'libsql';
import type { Stimulus } from '../../asl/engine/protocol.js';
import { statement } from '../store/statements.js';
import type { ExecutionRow } from './execution-tables.js';

/**
 * Machines that were deleted while executions of theirs ran: they stay until the last one has ended, and their
 * executions end where they would enter their next state.
 */
export class Deletions {
  private readonly machines = new Set<string>();

  /** Reads which there are; the rows outlive the process. */
  load(db: Database.Database): void {
    const rows = statement(db, 'SELECT machine_arn FROM machine_deletions').all() as {
      machine_arn: string;
    }[];
    for (const row of rows) this.machines.add(row.machine_arn);
  }

  has(machineArn: string): boolean {
    return this.machines.size > 0 && this.machines.has(machineOf(machineArn));
  }

  /** Deletes a machine now, or as soon as nothing of it runs. */
  begin(db: Database.Database, machineArn: string): void {
    if (!running(db, machineArn)) {
      drop(db, machineArn);
      return;
    }
    this.machines.add(machineArn);
    statement(db, 'INSERT OR IGNORE INTO machine_deletions (machine_arn) VALUES (?)').run(machineArn);
  }

  /** What moves an execution on, and ends it where its machine is being deleted. */
  marked(row: ExecutionRow, stimulus: Stimulus): Stimulus {
    return this.has(row.machine_arn) ? { ...stimulus, machineDeleting: true } : stimulus;
  }

  /** The execution has ended in this transaction: it may have been the last. */
  ended(db: Database.Database, row: ExecutionRow): void {
    if (this.machines.size === 0) return;
    const machineArn = machineOf(row.machine_arn);
    if (!this.machines.has(machineArn) || running(db, machineArn)) return;
    drop(db, machineArn);
    this.machines.delete(machineArn);
  }
}

/** Children of a map run are their machine's: `…:stateMachine:NAME/LABEL`. */
const machineOf = (arn: string): string => arn.replace(/\/.*/s, '');

function running(db: Database.Database, machineArn: string): boolean {
  const found = statement(
    db,
    `SELECT 1 FROM executions WHERE status = 'RUNNING' AND (machine_arn = ? OR substr(machine_arn, 1, ?) = ?) LIMIT 1`,
  ).get(machineArn, machineArn.length + 1, `${machineArn}/`);
  return found !== undefined;
}

/** The machine, with its versions, aliases and tags. */
function drop(db: Database.Database, arn: string): void {
  statement(db, 'DELETE FROM state_machines WHERE arn = ?').run(arn);
  statement(db, 'DELETE FROM state_machine_versions WHERE machine_arn = ?').run(arn);
  statement(db, 'DELETE FROM state_machine_aliases WHERE machine_arn = ?').run(arn);
  statement(db, 'DELETE FROM tags WHERE resource_arn = ?').run(arn);
  statement(db, 'DELETE FROM machine_deletions WHERE machine_arn = ?').run(arn);
}
