import type { JsonObject } from '../../json/json.js';
import { account, region } from '../arns.js';
import type { Clock } from '../clock.js';
import { optionalString, pagePosition, serialization, validationError } from '../http/request-members.js';
import { AwsError } from '../ports.js';
import type { Store } from '../store/port.js';
import type { LogStore } from './log-store.js';
import { groupByName, type LogGroupRow, type LogStreamRow, streamByName } from './tables.js';

export interface LogsContext {
  store: Store;
  clock: Clock;
  logs: LogStore;
}

export type LogsOperation = (context: LogsContext, input: JsonObject) => Promise<JsonObject>;

const namePattern = { group: /^[.\-_/#A-Za-z0-9]{1,512}$/, stream: /^[^:*]{1,512}$/ };

export const invalidParameter = (message: string): AwsError =>
  new AwsError('InvalidParameterException', message);
export const noGroup = (): AwsError =>
  new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
const noStream = (): AwsError =>
  new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');

export function nameOf(input: JsonObject, member: string, kind: keyof typeof namePattern): string {
  const value = optionalString(input, member);
  if (value === undefined)
    throw validationError(`Value null at '${member}' failed to satisfy constraint: Member must not be null`);
  if (namePattern[kind].test(value)) return value;
  const [constraint] =
    value === ''
      ? ['Member must have length greater than or equal to 1']
      : value.length > 512
        ? ['Member must have length less than or equal to 512']
        : [
            `Member must satisfy regular expression pattern: ${kind === 'group' ? '[\\.\\-_/#A-Za-z0-9]+' : '[^:*]*'}`,
          ];
  throw validationError(`Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`);
}

/** `logGroupName`, or the name or ARN in `logGroupIdentifier`. */
export function groupNameOf(input: JsonObject): string {
  const identifier = optionalString(input, 'logGroupIdentifier');
  if (identifier === undefined) return nameOf(input, 'logGroupName', 'group');
  if (input.logGroupName !== undefined)
    throw invalidParameter('LogGroup name and LogGroup ARN are mutually exclusive parameters.');
  return groupOfArn(identifier);
}

/** Of an ARN, with or without `:*`; a name is its own. */
export const groupOfArn = (arn: string): string =>
  arn.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');

export const groupArn = (name: string): string => `arn:aws:logs:${region}:${account}:log-group:${name}`;

export function existingGroup(context: LogsContext, name: string): LogGroupRow {
  const row = context.store.read((db) => groupByName(db, name));
  if (!row) throw noGroup();
  return row;
}

export function existingStream(context: LogsContext, group: LogGroupRow, name: string): LogStreamRow {
  const row = context.store.read((db) => streamByName(db, group.id, name));
  if (!row) throw noStream();
  return row;
}

export function integer(input: JsonObject, member: string, least: number, most: number): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw serialization(member, 'an integer');
  if (value >= least && value <= most) return value;
  const bound = value < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
  throw validationError(
    `Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

export function time(input: JsonObject, member: string): number | undefined {
  return integer(input, member, 0, Number.MAX_SAFE_INTEGER);
}

export const invalidToken = (): AwsError => invalidParameter('The specified nextToken is invalid.');

/** Where a listing goes on: a name. */
export function nextPosition(input: JsonObject, kind: string): string | undefined {
  try {
    const position = pagePosition(input, kind);
    return position === undefined ? undefined : String(position);
  } catch {
    throw invalidToken();
  }
}

/** Where a listing goes on: a time, then a number or a name. */
export function nextPlace(input: JsonObject, kind: string): [time: number, rest: string] | undefined {
  const position = nextPosition(input, kind);
  if (position === undefined) return undefined;
  const [, time, rest] = /^(\d{1,15}) (.*)$/s.exec(position) ?? [];
  if (time === undefined || rest === undefined) throw invalidToken();
  return [Number(time), rest];
}

const day = 86_400_000;

/** Events before this have expired. */
export const oldestKept = ({ retention_days: days }: LogGroupRow, now: number): number =>
  days === null ? 0 : now - days * day;
