import { isObject, type Json } from '../../../json/json.js';
import { invalid } from '../requests/arns-names-pages.js';
import type { Input } from '../requests/model.js';
import type { Subject } from './subject.js';

type Mode = NonNullable<NonNullable<Input<'TestState'>['mock']>['fieldValidationMode']>;
type Type = 'string' | 'number' | 'boolean' | 'object' | 'array';
/** Member → its type, after `!` where the API always answers with it. */
type Schema = Readonly<Record<string, Type | `!${Type}`>>;

const item: Schema = { Attributes: 'object', ConsumedCapacity: 'object', ItemCollectionMetrics: 'object' };
const describeExecution: Schema = {
  ExecutionArn: '!string',
  StateMachineArn: '!string',
  Name: 'string',
  Status: '!string',
  StartDate: '!string',
  StopDate: 'string',
  Error: 'string',
  Cause: 'string',
  MapRunArn: 'string',
  RedriveCount: 'number',
  RedriveStatus: 'string',
  StateMachineAliasArn: 'string',
  StateMachineVersionArn: 'string',
  TraceHeader: 'string',
};

/** What the APIs answer with, as AWS's models have it: those that are called most. Times are texts. */
const SCHEMAS: Readonly<Record<string, Schema>> = {
  'batch:submitJob': { JobName: '!string', JobId: '!string', JobArn: 'string' },
  'dynamodb:deleteItem': item,
  'dynamodb:getItem': { Item: 'object', ConsumedCapacity: 'object' },
  'dynamodb:putItem': item,
  'dynamodb:query': { Items: 'array', Count: 'number', ScannedCount: 'number', LastEvaluatedKey: 'object' },
  'dynamodb:scan': { Items: 'array', Count: 'number', ScannedCount: 'number', LastEvaluatedKey: 'object' },
  'dynamodb:updateItem': item,
  'ecs:runTask': { Tasks: 'array', Failures: 'array' },
  'events:putEvents': { FailedEntryCount: 'number', Entries: 'array' },
  'glue:startJobRun': { JobRunId: 'string' },
  'lambda:invoke': {
    StatusCode: 'number',
    ExecutedVersion: 'string',
    FunctionError: 'string',
    LogResult: 'string',
  },
  'sns:publish': { MessageId: 'string', SequenceNumber: 'string' },
  'sqs:sendMessage': {
    MessageId: 'string',
    SequenceNumber: 'string',
    MD5OfMessageBody: 'string',
    MD5OfMessageAttributes: 'string',
    MD5OfMessageSystemAttributes: 'string',
  },
  'states:describeExecution': describeExecution,
  'states:startExecution': { ExecutionArn: '!string', StartDate: '!string' },
  'states:startExecution.sync': describeExecution,
  'states:startExecution.sync:2': describeExecution,
};

/** Names that services have in SDK integrations alone. */
const OPTIMISED: Record<string, string> = { 'aws-sdk:sfn': 'states', 'aws-sdk:eventbridge': 'events' };

/**
 * That a mocked result is one that the API could give: `STRICT`, with all that it always gives; `PRESENT`, as far as it
 * has its members. What the API does not name is not looked at.
 * @throws AwsError ValidationException
 */
export function checkAgainstApi({ definition }: Subject, result: Json, mode: Mode = 'STRICT'): void {
  const [, service = '', api = ''] =
    /:states:[^:]*:[^:]*:((?:aws-sdk:)?[^:]+):(.+)$/.exec(String(definition.Resource)) ?? [];
  const name = `${OPTIMISED[service] ?? service.replace(/^aws-sdk:/, '')}:${api}`;
  const schema = Object.hasOwn(SCHEMAS, name) ? SCHEMAS[name] : undefined;
  if (!schema || mode === 'NONE' || !isObject(result)) return;
  const refuse = (what: string): never => {
    throw invalid(`Mock result schema validation error: ${what}`);
  };
  for (const [member, written] of Object.entries(schema)) {
    const value = result[member];
    const type = written.replace('!', '');
    if (value === undefined || value === null) {
      if (mode === 'STRICT' && written.startsWith('!')) refuse(`Required field '${member}' is missing`);
    } else if (typeOf(value) !== type)
      refuse(`Field '${member}' must be ${/^[aeio]/.test(type) ? 'an' : 'a'} ${type}`);
  }
}

const typeOf = (value: Json): string => (Array.isArray(value) ? 'array' : typeof value);
