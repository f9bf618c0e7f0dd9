import type { FromSchema, Schema } from './schema.js';

// The one description of mbc-flow.json: its check, its types and the schema that ships (dist/mbc-flow.schema.json).

const target = {
  type: 'object',
  additionalProperties: false,
  properties: {
    profile: { type: 'string', description: 'AWS profile.' },
    region: { type: 'string', examples: ['ap-northeast-1'] },
    account: {
      type: 'string',
      pattern: '^\\d{12}$',
      description: 'Credentials of another account are refused.',
      errorMessage: 'must be a string of 12 digits',
    },
    prefix: {
      type: 'string',
      description: 'What the names of its machines and buckets begin with.',
      examples: ['dev-acme-'],
    },
    tenant: { type: 'string' },
    bucket: { type: 'string', description: 'Where imports are uploaded.' },
    sse: {
      enum: ['AES256', 'aws:kms'],
      description: "Encryption of what imports upload, where it is not the bucket's own.",
    },
    sseKmsKeyId: { type: 'string', description: 'Key for aws:kms: its id, ARN or alias.' },
    endpointUrl: { type: 'string', format: 'uri', description: 'Endpoint of every service instead of AWS.' },
    protected: {
      type: 'boolean',
      description: "Each change asks for the target's name, or needs --yes without a terminal.",
    },
    machines: {
      type: 'object',
      description: 'Role (command, task, import-csv) or any name -> ARN or name of a state machine.',
      additionalProperties: { type: 'string' },
    },
    function: {
      type: 'string',
      description:
        'Name or ARN of the Lambda function that gets the records of its tables and queues (trigger).',
    },
  },
} as const satisfies Schema;

const eventSource = {
  type: 'object',
  additionalProperties: false,
  oneOf: [{ required: ['stream'] }, { required: ['queue'] }],
  properties: {
    stream: {
      type: 'string',
      description: 'Name of the table; * at its end stands for anything.',
      examples: ['local-demo-*'],
    },
    queue: { type: 'string', description: 'Name of the queue; * at its end stands for anything.' },
    endpoint: {
      type: 'string',
      format: 'uri',
      description:
        'Default: DYNAMODB_ENDPOINT or SQS_ENDPOINT of .env, else http://127.0.0.1:8000 and :9324.',
    },
    function: {
      type: 'string',
      description: "Name of the function (default: the only one, else the framework's).",
    },
    filters: {
      type: 'array',
      description:
        "Filter patterns as Lambda has them, one of which has to fit. Default: of a stream the framework's (new rows without syncMode), of a queue none.",
      items: { type: 'object' },
      errorMessage: 'must be a list of filter patterns',
    },
    batchSize: { type: 'integer', minimum: 1, default: 1, description: 'Of a queue.' },
  },
  errorMessage: 'must name a stream or a queue',
} as const satisfies Schema;

const functionSpec = {
  anyOf: [
    {
      type: 'string',
      description: "A module's export, or the URL of a Lambda Invoke endpoint.",
      examples: ['./dist/main.handler'],
    },
    {
      type: 'object',
      additionalProperties: false,
      required: ['module'],
      properties: {
        module: { type: 'string', errorMessage: 'must name a module and its export' },
        timeoutSeconds: { type: 'number', exclusiveMinimum: 0, default: 30 },
        memoryMB: { type: 'number', exclusiveMinimum: 0, default: 512 },
        concurrency: { type: 'number', exclusiveMinimum: 0 },
        env: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
  ],
} as const satisfies Schema;

export const configSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'mbc-flow.json',
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    defaultTarget: {
      type: 'string',
      description: 'Target of commands without --target: local, env, or one of targets. Default: local.',
    },
    targets: {
      type: 'object',
      description: 'Places where workflows run. What is set here only flags override.',
      propertyNames: {
        not: { enum: ['local', 'env'] },
        errorMessage: 'is a name that mbc-flow itself has taken',
      },
      additionalProperties: target,
    },
    local: {
      type: 'object',
      description: 'The embedded local server.',
      additionalProperties: false,
      properties: {
        functions: {
          type: 'object',
          description: "Function name, or * for every one. Paths start from this file's folder.",
          additionalProperties: functionSpec,
        },
        machines: {
          type: 'object',
          description: 'Machine name -> file with its definition (Amazon States Language, JSON).',
          additionalProperties: { type: 'string' },
        },
        endpoints: {
          type: 'object',
          description:
            'Endpoints of services that Tasks call and the local server does not run: { "dynamodb": "http://127.0.0.1:8000" }.',
          additionalProperties: { type: 'string', format: 'uri' },
        },
        mocks: {
          type: 'string',
          description: 'File of mocked responses for such services, in the format of Step Functions Local.',
        },
        eventSources: {
          type: 'array',
          description:
            "Streams and queues that dev --event-sources delivers to functions. Default: those of the framework's local environment, by the app's .env.",
          items: eventSource,
        },
      },
    },
  },
} as const satisfies Schema;

/** One entry of `targets`. */
export type TargetConfig = FromSchema<typeof target>;
/** What `dev --event-sources` delivers: a stream (by its table) or a queue. */
export type EventSourceConfig = FromSchema<typeof eventSource>;
export type WrittenConfig = FromSchema<typeof configSchema>;
export type LocalConfig = NonNullable<WrittenConfig['local']>;
