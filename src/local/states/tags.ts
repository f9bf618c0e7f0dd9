import type Database from 'libsql';
import type { JsonObject } from '../../json/json.js';
import { AwsError } from '../ports.js';
import { activity, stateMachine } from '../runtime/machine-tables.js';
import { statement } from '../store/statements.js';
import type { StatesContext } from './context.js';
import { arnParts, invalid } from './requests/arns-names-pages.js';
import type { Input } from './requests/model.js';

const mostTags = 50;

type Tags = Input<'TagResource'>['tags'];

export async function tagResource(
  context: StatesContext,
  { resourceArn: arn, tags }: Input<'TagResource'>,
): Promise<JsonObject> {
  await context.store.write((db) => {
    checkResource(db, arn);
    insertTags(db, arn, tags);
  });
  return {};
}

export async function untagResource(
  context: StatesContext,
  { resourceArn: arn, tagKeys }: Input<'UntagResource'>,
): Promise<JsonObject> {
  await context.store.write((db) => {
    checkResource(db, arn);
    for (const key of tagKeys)
      statement(db, 'DELETE FROM tags WHERE resource_arn = ? AND key = ?').run(arn, key);
  });
  return {};
}

export async function listTagsForResource(
  context: StatesContext,
  { resourceArn: arn }: Input<'ListTagsForResource'>,
): Promise<JsonObject> {
  return context.store.read((db) => {
    checkResource(db, arn);
    return { tags: tagsOf(db, arn) };
  });
}

/** Replaces values of keys that are there. @throws AwsError TooManyTags, ValidationException */
export function insertTags(db: Database.Database, arn: string, tags: Tags): void {
  const reserved = tags.find(({ key = '' }) => /^aws:/i.test(key));
  if (reserved) throw invalid(`Tag keys must not begin with 'aws:'. Received: ${reserved.key}`);
  for (const { key = '', value = '' } of tags)
    statement(db, 'INSERT OR REPLACE INTO tags (resource_arn, key, value) VALUES (?, ?, ?)').run(
      arn,
      key,
      value,
    );
  if (tagsOf(db, arn).length > mostTags)
    throw new AwsError('TooManyTags', `A resource has ${mostTags} tags at most: '${arn}'`);
}

const tagsOf = (db: Database.Database, arn: string): { key: string; value: string }[] =>
  statement(db, 'SELECT key, value FROM tags WHERE resource_arn = ? ORDER BY key').all(arn) as {
    key: string;
    value: string;
  }[];

/** Machines and activities have tags, versions and aliases have none. */
function checkResource(db: Database.Database, arn: string): void {
  const [type] = arnParts(arn, 'stateMachine', 'activity');
  const found = type === 'activity' ? activity(db, arn) : stateMachine(db, arn);
  if (!found) throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
}
