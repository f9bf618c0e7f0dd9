import type { FromSchema, Schema } from '../../json/schema.js';

// The one description of a test file: its check, its types and the schema that ships (dist/mbc-flow-test.schema.json).

const duration = {
  anyOf: [
    {
      type: 'string',
      pattern: '^\\d+(\\.\\d+)?\\s*(ms|s|m|min|h|d)?$',
      errorMessage: 'must be a duration: 90s, 5m, 2h, 7d',
    },
    { type: 'number', minimum: 0, description: 'Seconds.' },
  ],
  examples: ['90s', '2h', '7d'],
} as const satisfies Schema;

const attempts = {
  anyOf: [
    { type: 'string', pattern: '^\\d+(-\\d+)?$', errorMessage: 'must be a number or a range such as 1-3' },
    { type: 'integer', minimum: 1 },
  ],
} as const satisfies Schema;

const answer = {
  type: 'object',
  additionalProperties: false,
  oneOf: [
    { required: ['value'] },
    { required: ['error'] },
    { required: ['call'] },
    { required: ['items'] },
    { required: ['never'] },
  ],
  errorMessage: 'must be an object with exactly one of value, error, call, items and never',
  properties: {
    value: { description: 'What the call returns: the result of the task, before ResultSelector.' },
    error: { type: 'string', description: 'Name of the error that the call fails with.' },
    cause: { type: 'string', description: 'Cause of the error.' },
    call: {
      enum: ['function'],
      description: 'Invoke the Lambda function that the state names, on the local server.',
    },
    items: { type: 'array', items: {}, description: 'What the ItemReader of a Distributed Map reads.' },
    never: { enum: [true], description: 'No answer comes: the state waits for its timeout.' },
    after: { ...duration, description: 'Virtual time until the answer comes. Default: at once.' },
    attempt: { ...attempts, description: 'Only for this attempt of the state (1 is the first), or a range.' },
    visit: { ...attempts, description: 'Only the n-th time that the state is entered, or a range.' },
    iteration: {
      anyOf: [
        { type: 'array', items: { type: 'integer', minimum: 0 } },
        { type: 'integer', minimum: 0, errorMessage: 'must be an index from 0' },
      ],
      description: 'Only in this iteration of the Map around the state (from 0); a list for nested Maps.',
    },
  },
} as const satisfies Schema;

const answers = {
  type: 'object',
  description: 'State name: its answer, or a list of which each call takes the next one (the last repeats).',
  additionalProperties: { anyOf: [{ type: 'array', items: answer }, answer] },
} as const satisfies Schema;

const text = { description: 'A text, or a matcher.' } as const satisfies Schema;

const expectation = {
  type: 'object',
  additionalProperties: false,
  properties: {
    status: {
      enum: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'RUNNING'],
      description: 'Default: FAILED where an error or a cause is expected, otherwise SUCCEEDED.',
    },
    output: {
      description:
        'The whole output. Matchers: {"$any": true}, {"$absent": true}, {"$type": "string"}, {"$regex": "…"}, {"$contains": …}, {"$json": …}, {"$literal": …}.',
    },
    error: text,
    cause: text,
    path: {
      type: 'array',
      items: { type: 'string' },
      description: 'Every state in the order in which they were entered; Name[0] for an iteration of a Map.',
    },
    visits: { type: 'array', items: { type: 'string' }, description: 'States that are entered.' },
    avoids: { type: 'array', items: { type: 'string' }, description: 'States that are not entered.' },
    sent: {
      type: 'object',
      additionalProperties: {},
      description:
        'State name: what its call is sent (Parameters or Arguments); a list for each call in turn.',
    },
    logs: {
      type: 'array',
      items: {},
      description: 'Each is in a line that a function called for real (call: function) has logged.',
    },
    duration: {
      anyOf: [
        {
          type: 'object',
          additionalProperties: false,
          properties: { min: duration, max: duration },
        },
        ...duration.anyOf,
      ],
      description: 'Virtual time from start to end.',
    },
  },
} as const satisfies Schema;

const flowCase = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', errorMessage: 'must be a text, the name of the case' },
    input: { description: 'Input of the execution. Default: {}.' },
    start: { type: 'string', description: 'Virtual time at which it starts, ISO 8601.' },
    mocks: { type: 'string', description: 'Test case of the mocks file that answers.' },
    answers,
    expect: expectation,
  },
} as const satisfies Schema;

export const flowTestSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'mbc-flow test',
  errorMessage: 'must have a machine and cases',
  type: 'object',
  additionalProperties: false,
  required: ['machine', 'cases'],
  properties: {
    $schema: { type: 'string' },
    machine: {
      anyOf: [
        {
          type: 'object',
          additionalProperties: false,
          required: ['file'],
          properties: {
            file: { type: 'string', description: 'ASL or a template, JSON or YAML; relative to this file.' },
            name: { type: 'string', description: 'Which of several state machines in a template.' },
          },
        },
        {
          type: 'string',
          description:
            'A file, a name from local.machines in mbc-flow.json, or command, sfn-task, import-csv.',
        },
      ],
      errorMessage: 'must be a file, a name, or { file, name }',
    },
    type: { enum: ['STANDARD', 'EXPRESS'], description: 'Default: STANDARD.' },
    start: { type: 'string', description: 'Virtual time at which executions start, ISO 8601.' },
    mocks: {
      type: 'string',
      description: 'Mocks in the format of Step Functions Local; relative to this file.',
    },
    answers,
    scrub: {
      type: 'array',
      items: { type: 'string' },
      description: 'Names of members whose values --record strikes out; * stands for anything.',
    },
    cases: { type: 'array', items: flowCase },
  },
} as const satisfies Schema;

export type FlowTestFile = FromSchema<typeof flowTestSchema>;
export type FlowCase = FromSchema<typeof flowCase>;
export type FlowExpectation = FromSchema<typeof expectation>;
export type FlowAnswer = FromSchema<typeof answer>;
export type FlowAnswers = FromSchema<typeof answers>;
