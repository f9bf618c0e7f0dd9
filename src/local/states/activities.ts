import type { JsonObject } from '../../json/json.js';
import { activityArn } from '../arns.js';
import { AwsError } from '../ports.js';
import { type ActivityRow, activity } from '../runtime/machine-tables.js';
import { statement } from '../store/statements.js';
import { encryption } from './configuration.js';
import type { StatesContext } from './context.js';
import { arnParts, checkName, pageByName, seconds } from './requests/arns-names-pages.js';
import type { Input } from './requests/model.js';
import { insertTags } from './tags.js';

export async function createActivity(
  context: StatesContext,
  { name, tags = [], encryptionConfiguration = { type: 'AWS_OWNED_KEY' } }: Input<'CreateActivity'>,
): Promise<JsonObject> {
  checkName(name);
  const row: ActivityRow = {
    arn: activityArn(name),
    name,
    creation_date: context.clock.now(),
    configuration: JSON.stringify({ encryptionConfiguration: encryption(encryptionConfiguration) }),
  };
  const kept = await context.store.write((db) => {
    const found = activity(db, row.arn);
    if (found && found.configuration !== row.configuration)
      throw new AwsError('ActivityAlreadyExists', `Activity Already Exists: '${row.arn}'`);
    if (found) return found;
    statement(db, 'INSERT INTO activities (arn, name, creation_date, configuration) VALUES (?, ?, ?, ?)').run(
      row.arn,
      row.name,
      row.creation_date,
      row.configuration,
    );
    insertTags(db, row.arn, tags);
    return row;
  });
  return { activityArn: kept.arn, creationDate: seconds(kept.creation_date) };
}

/** As on AWS, deleting what is not there is no error. */
export async function deleteActivity(
  context: StatesContext,
  { activityArn: arn }: Input<'DeleteActivity'>,
): Promise<JsonObject> {
  arnParts(arn, 'activity');
  await context.store.write((db) => {
    statement(db, 'DELETE FROM activities WHERE arn = ?').run(arn);
    statement(db, 'DELETE FROM tags WHERE resource_arn = ?').run(arn);
  });
  return {};
}

export async function describeActivity(
  context: StatesContext,
  { activityArn: arn }: Input<'DescribeActivity'>,
): Promise<JsonObject> {
  const row = existingActivity(context, arn);
  return { ...activityItem(row), ...(JSON.parse(row.configuration) as JsonObject) };
}

export async function listActivities(
  context: StatesContext,
  input: Input<'ListActivities'>,
): Promise<JsonObject> {
  const { rows, ...more } = pageByName<ActivityRow>(context, 'activities', input);
  return { activities: rows.map(activityItem), ...more };
}

/** AWS holds a poll for so long before it says that there is no task. */
const pollMilliseconds = 60_000;

export async function getActivityTask(
  context: StatesContext,
  { activityArn: arn, workerName }: Input<'GetActivityTask'>,
  gone: AbortSignal,
): Promise<JsonObject> {
  existingActivity(context, arn);
  if (workerName !== undefined) checkName(workerName);
  const signal = AbortSignal.any([gone, AbortSignal.timeout(pollMilliseconds)]);
  const task = await context.activities.poll(arn, workerName, signal);
  return task ? { taskToken: context.tokens.issue(task), input: task.input } : {};
}

function existingActivity(context: StatesContext, arn: string): ActivityRow {
  arnParts(arn, 'activity');
  const row = context.store.read((db) => activity(db, arn));
  if (!row) throw new AwsError('ActivityDoesNotExist', `Activity Does Not Exist: '${arn}'`);
  return row;
}

const activityItem = ({ arn, name, creation_date: created }: ActivityRow): JsonObject => ({
  activityArn: arn,
  name,
  creationDate: seconds(created),
});
