import type Database from 'libsql';
import { resourceOf } from '../../arns.js';
import { AwsError } from '../../ports.js';
import { statement } from '../../store/statements.js';
import type { StatesContext } from '../context.js';

/** ARNs, names and pages, as all operations read them. */

export const seconds = (milliseconds: number): number => milliseconds / 1000;

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

/** The parts of an ARN's resource, whose first must be one of `types`: `['execution', 'SM', 'name']`. */
export function arnParts(arn: string, ...types: string[]): string[] {
  const parts = resourceOf(arn);
  if (!parts) throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  const [type = ''] = parts;
  if (types.includes(type)) return parts;
  throw new AwsError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${type}'`);
}

/** Control characters and surrogates are among what AWS forbids. */
const banned = /[\s\p{Cc}\p{Cs}<>{}[\]?*"#%\\^|~`$&,;:/\ufffe\uffff]/u;

export function checkName(name: string): void {
  if (banned.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}

type Position = string | number;

/**
 * One page of a list. `rows` gets where it begins (undefined: at the start) and how many rows are wanted, one of
 * which is only looked at, to know whether there is more.
 * @param list names the list: a token of another one is refused.
 */
export function page<Row>(
  context: StatesContext,
  list: string,
  input: { maxResults?: number; nextToken?: string },
  rows: (db: Database.Database, after: Position | undefined, count: number) => Row[],
  positionOf: (row: Row) => Position,
): { rows: Row[]; nextToken?: string } {
  // 0 and absent mean 100.
  const limit = input.maxResults || 100;
  const after = input.nextToken === undefined ? undefined : decodeToken(context, list, input.nextToken);
  const found = context.store.read((db) => rows(db, after, limit + 1));
  const last = found[limit - 1];
  if (found.length <= limit || last === undefined) return { rows: found };
  return {
    rows: found.slice(0, limit),
    nextToken: Buffer.from(JSON.stringify([list, positionOf(last), context.clock.now()])).toString('base64'),
  };
}

/** As `page`, of a table whose rows are in the order of their names. */
export function pageByName<Row extends { name: string }>(
  context: StatesContext,
  table: 'activities' | 'state_machines',
  input: { maxResults?: number; nextToken?: string },
): { rows: Row[]; nextToken?: string } {
  return page(
    context,
    table,
    input,
    (db, after = '', count) =>
      statement(db, `SELECT * FROM ${table} WHERE name > ? ORDER BY name LIMIT ?`).all(after, count) as Row[],
    (row) => row.name,
  );
}

const tokenLifetime = 24 * 60 * 60 * 1000;

function decodeToken(context: StatesContext, list: string, token: string): Position {
  try {
    const [of, position, issued] = JSON.parse(Buffer.from(token, 'base64').toString('utf8')) as unknown[];
    const fresh = typeof issued === 'number' && context.clock.now() - issued < tokenLifetime;
    if (of === list && fresh && (typeof position === 'string' || typeof position === 'number'))
      return position;
  } catch {
    // Falls through: whatever is wrong with it, the answer is the same.
  }
  throw new AwsError('InvalidToken', `Invalid Token: 'Invalid token'`);
}
