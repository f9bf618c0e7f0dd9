import type Database from 'libsql';
import { statement } from '../store/statements.js';
import type { StateMachineRow } from './machine-tables.js';

/** Where a machine is from that nobody registered through the API. */
export type Origin = 'builtin' | 'config' | 'template';

export const originSchema = `
CREATE TABLE IF NOT EXISTS machine_origins (arn TEXT PRIMARY KEY, origin TEXT NOT NULL, replaced TEXT);
`;

/** A machine that another one stands in for: it comes back when that one goes. */
export type Replaced = Pick<
  StateMachineRow,
  'type' | 'definition' | 'role_arn' | 'creation_date' | 'configuration'
> & { origin?: Origin };

export interface MachineOrigin {
  origin: Origin;
  replaced?: Replaced;
}

interface OriginRow {
  arn: string;
  origin: Origin;
  /** JSON of Replaced. */
  replaced: string | null;
}

const parsed = ({ origin, replaced }: OriginRow): MachineOrigin => ({
  origin,
  ...(replaced !== null && { replaced: JSON.parse(replaced) as Replaced }),
});

/** Undefined: registered through the API. */
export function machineOrigin(db: Database.Database, arn: string): MachineOrigin | undefined {
  const row = statement(db, 'SELECT * FROM machine_origins WHERE arn = ?').get(arn) as OriginRow | undefined;
  return row && parsed(row);
}

export function setOrigin(db: Database.Database, arn: string, { origin, replaced }: MachineOrigin): void {
  statement(db, 'INSERT OR REPLACE INTO machine_origins (arn, origin, replaced) VALUES (?, ?, ?)').run(
    arn,
    origin,
    replaced === undefined ? null : JSON.stringify(replaced),
  );
}

/** From now on it is of whoever called the API, or it is gone. */
export const forgetOrigin = (db: Database.Database, arn: string): void =>
  void statement(db, 'DELETE FROM machine_origins WHERE arn = ?').run(arn);

export const machinesFrom = (db: Database.Database, origin: Origin): string[] =>
  (statement(db, 'SELECT arn FROM machine_origins WHERE origin = ?').all(origin) as { arn: string }[]).map(
    ({ arn }) => arn,
  );

/** What is there now, to come back later. */
export const asReplaced = (
  { type, definition, role_arn, creation_date, configuration }: StateMachineRow,
  origin: Origin | undefined,
): Replaced => ({ type, definition, role_arn, creation_date, configuration, ...(origin && { origin }) });
