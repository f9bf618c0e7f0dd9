import { isObject, type Json, type JsonObject } from '../../json/json.js';
import {
  encodePageToken,
  oneOf,
  optionalBoolean,
  optionalString,
  requiredString,
} from '../http/request-members.js';
import { AwsError } from '../ports.js';
import { statement } from '../store/statements.js';
import {
  existingGroup,
  existingStream,
  groupArn,
  groupNameOf,
  groupOfArn,
  integer,
  invalidParameter,
  type LogsContext,
  nameOf,
  nextPlace,
  nextPosition,
  noGroup,
} from './request.js';
import {
  deleteGroup,
  deleteStream,
  groupByName,
  insertGroup,
  insertStream,
  type LogGroupRow,
  type LogStreamRow,
  streamByName,
} from './tables.js';

/** Log groups and streams: their lives, lists, retention and tags. */

const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export async function createLogGroup(context: LogsContext, input: JsonObject): Promise<JsonObject> {
  const name = nameOf(input, 'logGroupName', 'group');
  await context.store.write((db) => {
    context.logs.flush(db);
    if (groupByName(db, name))
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    insertGroup(db, name, context.clock.now(), JSON.stringify(tagsOf(input)));
  });
  return {};
}

export async function deleteLogGroup(context: LogsContext, input: JsonObject): Promise<JsonObject> {
  const name = nameOf(input, 'logGroupName', 'group');
  await context.store.write((db) => {
    context.logs.flush(db);
    const group = groupByName(db, name);
    if (!group) throw noGroup();
    deleteGroup(db, group.id);
  });
  return {};
}

export async function createLogStream(context: LogsContext, input: JsonObject): Promise<JsonObject> {
  const groupName = nameOf(input, 'logGroupName', 'group');
  const name = nameOf(input, 'logStreamName', 'stream');
  await context.store.write((db) => {
    context.logs.flush(db);
    const group = groupByName(db, groupName);
    if (!group) throw noGroup();
    if (streamByName(db, group.id, name))
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
    insertStream(db, group.id, name, context.clock.now());
  });
  return {};
}

export async function deleteLogStream(context: LogsContext, input: JsonObject): Promise<JsonObject> {
  const group = existingGroup(context, nameOf(input, 'logGroupName', 'group'));
  const stream = existingStream(context, group, nameOf(input, 'logStreamName', 'stream'));
  await context.store.write((db) => {
    context.logs.flush(db);
    deleteStream(db, stream);
  });
  return {};
}

export async function describeLogGroups(context: LogsContext, input: JsonObject): Promise<JsonObject> {
  const limit = integer(input, 'limit', 1, 50) ?? 50;
  const prefix = optionalString(input, 'logGroupNamePrefix') ?? '';
  const pattern = optionalString(input, 'logGroupNamePattern') ?? '';
  if (prefix !== '' && pattern !== '')
    throw invalidParameter(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    );
  const after = nextPosition(input, 'groups') ?? '';
  const rows = context.store.read(
    (db) =>
      statement(
        db,
        `SELECT log_groups.*, (SELECT coalesce(sum(bytes), 0) FROM log_streams WHERE group_id = log_groups.id) AS bytes
         FROM log_groups WHERE name > ? AND substr(name, 1, length(?)) = ? AND instr(name, ?) > 0
         ORDER BY name LIMIT ?`,
      ).all(after, prefix, prefix, pattern, limit + 1) as (LogGroupRow & { bytes: number })[],
  );
  const page = rows.slice(0, limit);
  return {
    logGroups: page.map((row) => ({
      logGroupName: row.name,
      creationTime: row.created,
      ...(row.retention_days !== null && { retentionInDays: row.retention_days }),
      metricFilterCount: 0,
      arn: `${groupArn(row.name)}:*`,
      logGroupArn: groupArn(row.name),
      storedBytes: row.bytes,
      logGroupClass: 'STANDARD',
    })),
    ...(rows.length > limit && { nextToken: encodePageToken('groups', page.at(-1)?.name ?? '') }),
  };
}

export async function describeLogStreams(context: LogsContext, input: JsonObject): Promise<JsonObject> {
  const group = existingGroup(context, groupNameOf(input));
  const limit = integer(input, 'limit', 1, 50) ?? 50;
  const prefix = optionalString(input, 'logStreamNamePrefix') ?? '';
  const byTime = oneOf(input, 'orderBy', ['LogStreamName', 'LastEventTime']) === 'LastEventTime';
  const descending = optionalBoolean(input, 'descending') ?? false;
  if (byTime && prefix !== '')
    throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  const [order, beyond] = descending ? ['DESC', '<'] : ['ASC', '>'];
  const columns = [...(byTime ? ['coalesce(last_event, 0)'] : []), 'name'];
  const kind = `streams ${byTime} ${descending}`;
  const place = nextPlace(input, kind);
  const from = place && (byTime ? place : [place[1]]);
  const rows = context.store.read(
    (db) =>
      statement(
        db,
        `SELECT * FROM log_streams WHERE group_id = ? AND substr(name, 1, length(?)) = ?
         ${from ? `AND (${columns.join()}) ${beyond} (${columns.map(() => '?').join()})` : ''}
         ORDER BY ${columns.map((column) => `${column} ${order}`).join()} LIMIT ?`,
      ).all(group.id, prefix, prefix, ...(from ?? []), limit + 1) as LogStreamRow[],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    logStreams: page.map((row) => streamItem(group, row)),
    ...(rows.length > limit &&
      last && { nextToken: encodePageToken(kind, `${last.last_event ?? 0} ${last.name}`) }),
  };
}

function streamItem(group: LogGroupRow, row: LogStreamRow): JsonObject {
  return {
    logStreamName: row.name,
    creationTime: row.created,
    ...(row.first_event !== null && { firstEventTimestamp: row.first_event }),
    ...(row.last_event !== null && { lastEventTimestamp: row.last_event }),
    ...(row.last_ingestion !== null && { lastIngestionTime: row.last_ingestion }),
    uploadSequenceToken: String(row.id).padStart(56, '4'),
    arn: `${groupArn(group.name)}:log-stream:${row.name}`,
    // AWS no longer reports the bytes of streams.
    storedBytes: 0,
  };
}

export async function putRetentionPolicy(context: LogsContext, input: JsonObject): Promise<JsonObject> {
  const days = integer(input, 'retentionInDays', 1, 3653);
  if (days === undefined || !retentions.includes(days)) {
    throw invalidParameter(
      `1 validation error detected: Value '${days ?? null}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${retentions.join(', ')}]`,
    );
  }
  return await setRetention(context, input, days);
}

export const deleteRetentionPolicy = (context: LogsContext, input: JsonObject): Promise<JsonObject> =>
  setRetention(context, input, null);

async function setRetention(
  context: LogsContext,
  input: JsonObject,
  days: number | null,
): Promise<JsonObject> {
  const group = existingGroup(context, nameOf(input, 'logGroupName', 'group'));
  await context.store.write((db) =>
    statement(db, 'UPDATE log_groups SET retention_days = ? WHERE id = ?').run(days, group.id),
  );
  return {};
}

const arnGroup = (context: LogsContext, input: JsonObject): LogGroupRow =>
  existingGroup(context, groupOfArn(requiredString(input, 'resourceArn')));
const namedGroup = (context: LogsContext, input: JsonObject): LogGroupRow =>
  existingGroup(context, nameOf(input, 'logGroupName', 'group'));

export const listTagsForResource = async (context: LogsContext, input: JsonObject): Promise<JsonObject> => ({
  tags: JSON.parse(arnGroup(context, input).tags) as JsonObject,
});
export const listTagsLogGroup = async (context: LogsContext, input: JsonObject): Promise<JsonObject> => ({
  tags: JSON.parse(namedGroup(context, input).tags) as JsonObject,
});
export const tagResource = (context: LogsContext, input: JsonObject): Promise<JsonObject> =>
  changeTags(context, arnGroup(context, input), tagsOf(input), []);
export const tagLogGroup = (context: LogsContext, input: JsonObject): Promise<JsonObject> =>
  changeTags(context, namedGroup(context, input), tagsOf(input), []);
export const untagResource = (context: LogsContext, input: JsonObject): Promise<JsonObject> =>
  changeTags(context, arnGroup(context, input), {}, input.tagKeys);
export const untagLogGroup = (context: LogsContext, input: JsonObject): Promise<JsonObject> =>
  changeTags(context, namedGroup(context, input), {}, input.tags);

async function changeTags(
  context: LogsContext,
  group: LogGroupRow,
  added: JsonObject,
  removed: Json | undefined,
): Promise<JsonObject> {
  await context.store.write((db) => {
    const before = JSON.parse(groupByName(db, group.name)?.tags ?? '{}') as JsonObject;
    const after = { ...before, ...added };
    for (const key of Array.isArray(removed) ? removed : []) delete after[String(key)];
    if (Object.keys(after).length > 50)
      throw new AwsError('TooManyTagsException', 'A log group can have 50 tags at most.');
    statement(db, 'UPDATE log_groups SET tags = ? WHERE id = ?').run(JSON.stringify(after), group.id);
  });
  return {};
}

const tagsOf = ({ tags }: JsonObject): JsonObject => (isObject(tags) ? tags : {});
