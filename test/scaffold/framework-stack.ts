import { isObject, type Json, type JsonObject } from '../../src/json/json.js';
import { resolveTemplate } from '../../src/template/machines.js';
import { place } from './documentation.js';

/**
 * What a stack gives the framework to run with, one line an item: its function's variables and rights, topics, queues
 * and what they take, event sources, state machines with their states.
 */
export function itemsOf(template: JsonObject, prefix: string): Set<string> {
  const resources = Object.entries(template.Resources as JsonObject) as [string, JsonObject][];
  const of = (type: string): JsonObject[] =>
    resources.filter(([, { Type }]) => Type === type).map(([, { Properties }]) => Properties as JsonObject);
  const bare = (name: Json | undefined): string => String(name).replace(prefix, '');
  const named = (id: string): string => {
    const properties = (template.Resources as JsonObject)[id];
    const given = isObject(properties) && isObject(properties.Properties) ? properties.Properties : {};
    return bare(given.QueueName ?? given.TopicName ?? '');
  };
  const target = (arn: Json | undefined): string =>
    isObject(arn) ? named(String([arn.Ref ?? arn['Fn::GetAtt']].flat()[0])) : '';
  const items = new Set<string>();
  const [main] = of('AWS::Lambda::Function').filter(({ FunctionName }) =>
    String(FunctionName).endsWith('lambda-api'),
  );
  if (!main) throw new Error('no function');
  const variables = (main.Environment as JsonObject).Variables as JsonObject;
  for (const name of Object.keys(variables)) items.add(`variable ${name}`);
  for (const { TopicName } of of('AWS::SNS::Topic')) items.add(`topic ${bare(TopicName)}`);
  for (const { QueueName } of of('AWS::SQS::Queue')) items.add(`queue ${bare(QueueName)}`);
  for (const { Endpoint, FilterPolicy, TopicArn, RawMessageDelivery } of of('AWS::SNS::Subscription'))
    for (const action of isObject(FilterPolicy) ? [FilterPolicy.action].flat() : ['all'])
      items.add(
        `subscription ${target(TopicArn)} ${String(action)} -> ${target(Endpoint)}${RawMessageDelivery === true ? ' raw' : ''}`,
      );
  for (const { EventSourceArn, BatchSize } of of('AWS::Lambda::EventSourceMapping'))
    items.add(`source ${target(EventSourceArn) || 'stream'} ${String(BatchSize)}`);
  const role = JSON.stringify(main.Role).match(/"Fn::GetAtt":\["(\w+)"/)?.[1];
  for (const { Roles, PolicyDocument } of of('AWS::IAM::Policy')) {
    if (!JSON.stringify(Roles).includes(`"${role}"`)) continue;
    for (const statement of [(PolicyDocument as JsonObject).Statement].flat() as JsonObject[])
      for (const action of [statement.Action].flat()) items.add(`right ${String(action)}`);
  }
  for (const { name, definition, substitutions } of resolveTemplate(template, place).machines) {
    const text = 'text' in definition ? definition.text : '{}';
    const finished = Object.entries(substitutions).reduce(
      (done, [key, value]) => done.replaceAll(`\${${key}}`, String(value)),
      text,
    );
    items.add(`machine ${bare(name)}`);
    for (const state of statesOf(JSON.parse(finished) as JsonObject))
      items.add(`state ${bare(name)}/${state}`);
  }
  return items;
}

const statesOf = (json: Json): string[] => {
  if (Array.isArray(json)) return json.flatMap(statesOf);
  if (!isObject(json)) return [];
  const own = isObject(json.States) ? Object.keys(json.States) : [];
  return [...own, ...Object.values(json).flatMap(statesOf)];
};

/** What the framework's own stack has and ours has not, and why. */
export const left: [item: RegExp, why: string][] = [
  [/^variable TZ$/, 'the application’s choice: pass it in `environment`'],
  [
    /^variable (COGNITO_USER_POOL_ID|APPSYNC_ENDPOINT|DATABASE_URL|S3_PUBLIC_BUCKET_NAME|FRONT_BASE_URL)$/,
    'of parts that the application’s own stack makes (users, API, database, front end): pass them in `environment`',
  ],
  [/^right (cognito-idp|appsync):/, 'of those parts: granted where they are made'],
  [/^right (ssm:GetParameter|kms:Decrypt)$/, 'on every parameter and key of the account: granted one by one'],
  [/^right states:\*$/, 'the actions that the framework calls'],
  [/^right s3:/, 'the actions that the framework calls'],
  [/^right sqs:(GetQueueUrl|SendMessage)$/, 'nothing of the framework calls it, or ours is on one queue'],
  [
    /^subscription alarm-sns all -> task-dead-letter-queue raw$/,
    'a queue for alarms alone: among dead letters, a redrive would send them to the function',
  ],
];

/** What ours has beyond it, and why. */
export const added: [item: RegExp, why: string][] = [
  [
    /import-zip|IMPORT_ZIP|ProcessFiles|trigger_single|finalize_zip|file_failed/,
    'ZIP imports: in no template of the framework, though its code is there',
  ],
  [/import-status/, 'without it, a ZIP import waits for ever after its first file'],
  [/alarm-queue/, 'see the subscription of alarm-sns'],
  [/^queue .*dead-letter-queue$/, 'a message that always fails is kept, not repeated for days and lost'],
  [/^state command-handler\/wait_timed_out$/, 'a wait of more than a day fails, and the alarm tells'],
  [
    /^right states:(SendTask\w+|StartExecution|DescribeExecution|GetExecutionHistory)$/,
    'instead of states:*',
  ],
  [/^right s3:/, 'instead of s3:*Object*'],
];
