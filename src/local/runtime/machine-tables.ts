import type Database from 'libsql';
import { statement } from '../store/statements.js';

/** The tables of state machines, their versions and aliases, activities and tags, and the statements on them. */
export const machineSchema = `
CREATE TABLE IF NOT EXISTS state_machines (
  arn TEXT PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, definition TEXT NOT NULL, role_arn TEXT NOT NULL,
  creation_date INTEGER NOT NULL, update_date INTEGER, revision_id TEXT, configuration TEXT NOT NULL,
  last_version INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS state_machine_versions (
  arn TEXT PRIMARY KEY, machine_arn TEXT NOT NULL, number INTEGER NOT NULL, description TEXT,
  definition TEXT NOT NULL, role_arn TEXT NOT NULL, creation_date INTEGER NOT NULL, revision_id TEXT,
  configuration TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS versions_of_machine ON state_machine_versions (machine_arn, number);
CREATE TABLE IF NOT EXISTS state_machine_aliases (
  arn TEXT PRIMARY KEY, machine_arn TEXT NOT NULL, name TEXT NOT NULL, description TEXT, routing TEXT NOT NULL,
  creation_date INTEGER NOT NULL, update_date INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS aliases_of_machine ON state_machine_aliases (machine_arn, name);
CREATE TABLE IF NOT EXISTS activities (
  arn TEXT PRIMARY KEY, name TEXT NOT NULL, creation_date INTEGER NOT NULL, configuration TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS machine_deletions (machine_arn TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS tags (
  resource_arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (resource_arn, key));
`;

/** What a machine and its published versions have in common. */
interface Revision {
  arn: string;
  definition: string;
  role_arn: string;
  creation_date: number;
  /** Null until the first update. */
  revision_id: string | null;
  /** JSON: loggingConfiguration, tracingConfiguration, … as they were given. */
  configuration: string;
}

export interface StateMachineRow extends Revision {
  name: string;
  type: 'STANDARD' | 'EXPRESS';
  update_date: number | null;
  /** Numbers are not used twice, whatever is deleted. */
  last_version: number;
}

export interface VersionRow extends Revision {
  machine_arn: string;
  number: number;
  description: string | null;
}

export interface AliasRow {
  arn: string;
  machine_arn: string;
  name: string;
  description: string | null;
  /** JSON of Route[]. */
  routing: string;
  creation_date: number;
  update_date: number;
}

export interface Route {
  stateMachineVersionArn: string;
  weight: number;
}

export interface ActivityRow {
  arn: string;
  name: string;
  creation_date: number;
  /** JSON: encryptionConfiguration as it was given. */
  configuration: string;
}

const byArn = <Row>(db: Database.Database, table: string, arn: string): Row | undefined =>
  statement(db, `SELECT * FROM ${table} WHERE arn = ?`).get(arn) as Row | undefined;

export const stateMachine = (db: Database.Database, arn: string): StateMachineRow | undefined =>
  byArn(db, 'state_machines', arn);
export const version = (db: Database.Database, arn: string): VersionRow | undefined =>
  byArn(db, 'state_machine_versions', arn);
export const alias = (db: Database.Database, arn: string): AliasRow | undefined =>
  byArn(db, 'state_machine_aliases', arn);
export const activity = (db: Database.Database, arn: string): ActivityRow | undefined =>
  byArn(db, 'activities', arn);

export function insertStateMachine(db: Database.Database, row: StateMachineRow): void {
  statement(
    db,
    `INSERT INTO state_machines (arn, name, type, definition, role_arn, creation_date, update_date, revision_id,
       configuration, last_version) VALUES (@arn, @name, @type, @definition, @role_arn, @creation_date, @update_date,
       @revision_id, @configuration, @last_version)`,
  ).run(row);
}

/** Another definition under the same name; executions that run keep theirs. */
export function overwriteStateMachine(db: Database.Database, row: StateMachineRow): void {
  statement(
    db,
    `UPDATE state_machines SET type = @type, definition = @definition, role_arn = @role_arn,
       creation_date = @creation_date, update_date = @update_date, revision_id = @revision_id,
       configuration = @configuration WHERE arn = @arn`,
  ).run(row);
}
