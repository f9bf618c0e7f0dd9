import type { FromSchema, Schema } from '../json/schema.js';

// The one description of mbc-flow.json: its check, its types and the schema that ships (dist/mbc-flow.schema.json).

const target = {
  type: 'object',
  additionalProperties: false,
  properties: {
    profile: { type: 'string', description: 'AWS profile to use.' },
    region: { type: 'string', examples: ['ap-northeast-1'] },
    account: {
      type: 'string',
      pattern: '^\\d{12}$',
      description: 'Credentials of another account are refused.',
      errorMessage: 'must be a string of 12 digits',
    },
    prefix: {
      type: 'string',
      description: 'Prefix of the names of its state machines and buckets.',
      examples: ['dev-acme-'],
    },
    tenant: { type: 'string' },
    bucket: { type: 'string', description: 'Bucket that imports upload to.' },
    sse: {
      enum: ['AES256', 'aws:kms'],
      description: "Encryption of uploaded files, if other than the bucket's default.",
    },
    sseKmsKeyId: { type: 'string', description: 'ID, ARN or alias of the key for aws:kms.' },
    endpointUrl: {
      type: 'string',
      format: 'uri',
      description: 'Endpoint to use for every service instead of AWS.',
    },
    protected: {
      type: 'boolean',
      description: "Every change asks for the target's name; without a terminal, --yes is required.",
    },
    machines: {
      type: 'object',
      description:
        'Maps a role (command, task, import-csv) or any name to the ARN or name of a state machine.',
      additionalProperties: { type: 'string' },
    },
    audit: {
      type: 'string',
      pattern: '^(?:s3://[a-z0-9][a-z0-9.-]+(?:/.*)?|(?![A-Za-z][A-Za-z0-9+.-]*://).+)$',
      errorMessage: 'must be s3://bucket/prefix or the path of a file',
      description:
        'Where each change of this target is recorded: s3://bucket/prefix, or a file relative to this one. A change is refused where it cannot be recorded.',
      examples: ['s3://prod-acme-audit/mbc-flow'],
    },
    function: {
      type: 'string',
      description:
        'Name or ARN of the Lambda function that receives the records of the tables and queues (trigger).',
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
      description: 'Table name; a trailing * matches anything.',
      examples: ['local-demo-*'],
    },
    queue: { type: 'string', description: 'Queue name; a trailing * matches anything.' },
    endpoint: {
      type: 'string',
      format: 'uri',
      description:
        'Default: DYNAMODB_ENDPOINT or SQS_ENDPOINT from .env, otherwise http://127.0.0.1:8000 or http://127.0.0.1:9324.',
    },
    function: {
      type: 'string',
      description: "Function name. Default: the only configured function, otherwise the framework's.",
    },
    filters: {
      type: 'array',
      description:
        "Lambda filter patterns; a record must match at least one. Default: the framework's filter for streams (new rows without syncMode), none for queues.",
      items: { type: 'object' },
      errorMessage: 'must be a list of filter patterns',
    },
    batchSize: { type: 'integer', minimum: 1, default: 1, description: 'Batch size of a queue.' },
  },
  errorMessage: 'must name a stream or a queue',
} as const satisfies Schema;

const functionSpec = {
  anyOf: [
    {
      type: 'string',
      description: 'Export of a module, or URL of a Lambda Invoke endpoint.',
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
    extends: {
      description:
        'Config to start from, or several (of which the later one wins): a path relative to this file. What this file says wins key by key; a target, a function or a machine is taken as a whole.',
      examples: ['../mbc-flow.json'],
      anyOf: [
        { type: 'string' },
        { type: 'array', items: { type: 'string' }, errorMessage: 'must be a path or a list of paths' },
      ],
    },
    defaultTarget: {
      type: 'string',
      description: 'Target of commands without --target: local, env or one of targets. Default: local.',
    },
    targets: {
      type: 'object',
      description: 'Where workflows run. Only flags override these settings.',
      propertyNames: {
        not: { enum: ['local', 'env'] },
        errorMessage: 'is a reserved name',
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
          description:
            'Maps a function name, or * for all functions, to its code. Paths are relative to this file.',
          additionalProperties: functionSpec,
        },
        machines: {
          type: 'object',
          description:
            'Maps a state machine name to the file that contains its definition (Amazon States Language, JSON or YAML).',
          additionalProperties: { type: 'string' },
        },
        endpoints: {
          type: 'object',
          description:
            'Endpoints of services that Tasks call and that the local server does not provide, such as { "dynamodb": "http://127.0.0.1:8000" }.',
          additionalProperties: { type: 'string', format: 'uri' },
        },
        mocks: {
          type: 'string',
          description: 'File with mocked service responses, in the format of Step Functions Local.',
        },
        eventSources: {
          type: 'array',
          description:
            "Streams and queues that dev --event-sources delivers to functions. Default: those of the framework's local environment, from the app's .env.",
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
