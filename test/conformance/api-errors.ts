import type { Json, JsonObject } from '../../src/json/json.js';
import { model } from '../../src/local/states/requests/model.js';
import { recordedError } from './answers.js';
import type { ApiReading, Call } from './api-reading.js';
import { arnsIn, objectOf, roleArn } from './api-record.js';

type Read = (reading: ApiReading, found: RegExpExecArray, operation: string | undefined) => Call | undefined;

const create = (reading: ApiReading, more: JsonObject): Call => ({
  operation: 'CreateStateMachine',
  input: {
    name: `${reading.record.id}-refused`,
    definition: reading.definition(),
    roleArn: roleArn('r'),
    ...more,
  },
});

/** What in an error's text says how it was provoked. */
const errors: [text: RegExp, read: Read][] = [
  [/^Invalid Arn: 'Invalid ARN prefix: (.*)'$/, (_, [, arn = ''], operation) => byArn(operation, arn)],
  [
    /^(?:Execution|State Machine|Activity) Does Not Exist: '(.*)'$/,
    (_, [text, arn = ''], operation) => byArn(operation ?? missing(text, arn), arn),
  ],
  [
    /^Resource not found: '(.*)'$/,
    (_, [, arn = '']) => ({ operation: 'TagResource', input: { resourceArn: arn, tags: [] } }),
  ],
  [/^Invalid Name: '([\s\S]*)'$/, (_, [, name = '']) => ({ operation: 'CreateActivity', input: { name } })],
  [/^State Machine Already Exists: '.*:(.*)'$/, (reading, [, name = '']) => create(reading, { name })],
  [
    /^Invalid State Machine Definition: '/,
    (reading, { input }) =>
      reading.record.definitions.length === 0
        ? undefined
        : create(reading, /Express/.test(input) ? { type: 'EXPRESS' } : {}),
  ],
  [
    /^Either the definition, /,
    (reading) => ({ operation: 'UpdateStateMachine', input: { stateMachineArn: reading.machineArn } }),
  ],
  [
    /^Version description can only be set when publish is true$/,
    (reading) => create(reading, { versionDescription: 'unpublished' }),
  ],
  [
    /^Invalid Logging Configuration: Log Destination not found\.$/,
    (reading) => create(reading, { loggingConfiguration: logging('none') }),
  ],
  [
    /^Invalid Logging Configuration: Must specify exactly one Log Destination\.$/,
    (reading, _, operation) =>
      operation === 'UpdateStateMachine'
        ? {
            operation,
            input: { stateMachineArn: reading.machineArn, loggingConfiguration: { level: 'ALL' } },
          }
        : create(reading, { loggingConfiguration: { level: 'ALL' } }),
  ],
  [
    /^Routing configuration must contain .*Received: \[(.*)\]$/,
    (_, [, arns = '']) => alias(arns.split(', ').map((arn) => [arn, 0])),
  ],
  [
    /^Sum of routing configuration weights must equal 100\. Received: \[(.*)\]$/,
    (reading, [, weights = '']) =>
      alias(
        weights.split(', ').map((weight, index) => [`${reading.machineArn}:${index + 1}`, Number(weight)]),
      ),
  ],
  [
    /^Failed to create alias because /,
    (reading) =>
      alias([[`${reading.machineArn}:1`, 100]], {
        name: reading.aliasArn.split(':').at(-1) ?? '',
        description: 'another',
      }),
  ],
  [
    /^Version to be deleted must not be referenced by an alias/,
    (reading) => ({
      operation: 'DeleteStateMachineVersion',
      input: { stateMachineVersionArn: reading.routed },
    }),
  ],
  [
    /^Request references a resource that does not exist\.$/,
    (reading) => ({
      operation: 'UpdateStateMachineAlias',
      input: { stateMachineAliasArn: `${reading.machineArn}:none`, description: 'x' },
    }),
  ],
  [
    /^Failed to publish the State Machine version for revision/,
    (reading) => ({
      operation: 'PublishStateMachineVersion',
      input: { stateMachineArn: reading.machineArn, revisionId: 'of another time' },
    }),
  ],
  [
    /^Execution Already Exists: '.*:(.*)'$/,
    (reading, [, name = '']) => ({
      operation: 'StartExecution',
      input: { stateMachineArn: reading.machineArn, name, input: '{"another":"input"}' },
    }),
  ],
  [
    /^Invalid State Machine Execution Input: '([\s\S]*)'$/,
    (reading, [, complaint = '']) => {
      const input = badInput(complaint, reading.record.inputs);
      return input === undefined
        ? undefined
        : { operation: 'StartExecution', input: { stateMachineArn: reading.machineArn, input } };
    },
  ],
  [
    /^1 validation error detected: Value '([\s\S]*)' at '(\w+)(?:\.(\d+)\.member\.\w+)?' failed/,
    (reading, [, value = '', member = '', at], operation) =>
      constraint(reading, value, member, at, operation),
  ],
  [
    /^Invalid Token: /,
    (reading, _, operation) =>
      operation === undefined
        ? undefined
        : { operation, input: { stateMachineArn: reading.machineArn, nextToken: 'InvalidToken' } },
  ],
  [
    /^This operation is not supported by this type of state machine$/,
    (reading, _, operation) =>
      operation === undefined ? undefined : { operation, input: { stateMachineArn: reading.machineArn } },
  ],
];

/** The call that an error was the answer to; undefined where neither it nor its name tells. */
export function errorCall(reading: ApiReading, _index: number, key: string, answer: Json): Call | undefined {
  const error = recordedError(answer);
  if (!error) return undefined;
  const operation = error.operation ?? named(key);
  for (const [text, read] of errors) {
    const found = text.exec(error.Message);
    if (found) return read(reading, found, operation);
  }
  return undefined;
}

/** The operation whose words are in the name that the test gave the answer. */
function named(key: string): string | undefined {
  const plain = key.replace(/[^A-Za-z]/g, '').toLowerCase();
  const fitting = Object.keys(model).filter((name) => plain.includes(name.toLowerCase()));
  return fitting.sort((a, b) => b.length - a.length)[0];
}

const missing = (text: string, arn: string): string =>
  /:\d+$/.test(arn)
    ? 'UpdateStateMachine'
    : text.startsWith('State Machine')
      ? 'StartExecution'
      : text.startsWith('Activity')
        ? 'DescribeActivity'
        : 'DescribeExecution';

/** The one ARN that an operation must have. */
function byArn(operation: string | undefined, arn: string): Call | undefined {
  const shape =
    operation === undefined ? undefined : (model as Record<string, { members: object }>)[operation];
  const member = Object.keys(shape?.members ?? {}).find((name) => name.endsWith('Arn'));
  const change: JsonObject = operation === 'UpdateStateMachine' ? { roleArn: roleArn('r') } : {};
  return operation && member ? { operation, input: { [member]: arn, ...change } } : undefined;
}

const logging = (group: string): JsonObject => ({
  level: 'ALL',
  destinations: [
    {
      cloudWatchLogsLogGroup: {
        logGroupArn: `arn:aws:logs:ap-northeast-1:101010101010:log-group:${group}:*`,
      },
    },
  ],
});

function alias(routes: [arn: string, weight: number][], more: JsonObject = {}): Call {
  const even = routes.every(([, weight]) => weight === 0);
  return {
    operation: 'CreateStateMachineAlias',
    input: {
      name: 'another-alias',
      routingConfiguration: routes.map(([stateMachineVersionArn, weight]) => ({
        stateMachineVersionArn,
        weight: even ? 100 / routes.length : weight,
      })),
      ...more,
    },
  };
}

function badInput(complaint: string, inputs: string[]): string | undefined {
  const word = /^Unrecognized token '(\w+)'/.exec(complaint)?.[1];
  if (word !== undefined) return inputs.find((input) => input.startsWith(word)) ?? word;
  if (/^Unexpected character \('''/.test(complaint)) return "{'single': 'quotes'}";
  return complaint === 'Invalid execution input.' ? '' : undefined;
}

function constraint(
  reading: ApiReading,
  value: string,
  member: string,
  at: string | undefined,
  operation: string | undefined,
): Call | undefined {
  if (operation === undefined) return undefined;
  if (member === 'routingConfiguration') {
    const arns = arnsIn([value], 'stateMachine');
    const routes = arns.map((arn): [string, number] => [
      arn,
      Number(new RegExp(`${arn}, weight=(\\d+)`).exec(value)?.[1] ?? 0),
    ]);
    return at === undefined ? alias(routes) : alias([[`${reading.machineArn}:1`, Number(value)]]);
  }
  const long = /_(\d+)_chars>$/.exec(value)?.[1];
  const given = long
    ? 'x'.repeat(Number(long))
    : /^\d+$/.test(value) && member !== 'name'
      ? Number(value)
      : value;
  const shape = objectOf(model as unknown as Json)[operation];
  const takesMachine = 'stateMachineArn' in objectOf(objectOf(shape).members);
  if (operation === 'CreateStateMachineAlias')
    return alias([[`${reading.machineArn}:1`, 100]], { [member]: given });
  return {
    operation,
    input: { ...(takesMachine && { stateMachineArn: reading.machineArn }), [member]: given },
  };
}
