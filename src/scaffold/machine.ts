import type { JsonObject } from '../json/json.js';

/** What a workflow is made of, before it is an ASL document. */
export interface MachineOptions {
  /** Of the state machine: also the label of its map run. */
  name: string;
  /** Names of the states that do one piece of work each, in their order; at least one. */
  states: string[];
  /** After the first state, wait until somebody answers. */
  approval: boolean;
  /** Between the first and the last state, run one over each of `$.items`. */
  map: boolean;
  /** Between the first and the last state, run one over the rows of a CSV file in S3. */
  csvImport: boolean;
  queryLanguage: 'JSONPath' | 'JSONata';
}

/** Placeholder for the function's ARN, as CDK's definitionSubstitutions, SAM and CloudFormation have it. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: theirs, not JavaScript's
export const functionPlaceholder = '${LambdaFunctionArn}';

const waitingState = 'wait_for_approval';
const weekSeconds = 604_800;

/**
 * What Lambda's own hiccups are called. Errors of the function itself are not in it: the framework reports each of
 * them as Runtime.UnhandledPromiseRejection, and whether work may be done twice only its author knows.
 */
const retryOnServiceErrors = [
  {
    ErrorEquals: [
      'Lambda.ClientExecutionTimeoutException',
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
    ],
    IntervalSeconds: 2,
    MaxAttempts: 6,
    BackoffRate: 2,
    JitterStrategy: 'FULL',
  },
];

/** One entry of `States`, but for where it goes next. */
type Step = [name: string, state: JsonObject];

/** The state machine's definition; its states call the framework's function as the framework expects it. */
export function makeMachine(options: MachineOptions): JsonObject {
  const language = languages[options.queryLanguage];
  const [first = 'process', ...others] = options.states;
  const last = others.pop();
  const work = (name: string): Step => [name, language.work(60)];
  const middle: Step[] = [];
  const ends: Step[] = [];
  if (options.approval) {
    middle.push([waitingState, language.approval], ['is_approved', {}]);
    ends.push(['rejected', { Type: 'Fail', Error: 'Rejected', Cause: 'The request was rejected.' }]);
  }
  middle.push(...others.map(work));
  if (options.map) middle.push(['process_items', language.map(language.work(60))]);
  if (options.csvImport)
    middle.push(['import_rows', language.csvImport(label(options.name), language.work(60))]);
  const chain: Step[] = [work(first), ...middle, ...(last === undefined ? [] : [work(last)])];
  const states = Object.fromEntries([
    ...chain.map(([name, state], index) => {
      const next = chain[index + 1]?.[0];
      if (name === 'is_approved') return [name, language.isApproved(next)];
      return [name, { ...state, ...(next === undefined ? { End: true } : { Next: next }) }];
    }),
    ...(options.approval && chain.at(-1)?.[0] === 'is_approved' ? [['approved', { Type: 'Succeed' }]] : []),
    ...ends,
  ]) as JsonObject;
  return {
    Comment: `${options.name}: made by mbc-flow; states call the application's function.`,
    ...(options.queryLanguage === 'JSONata' && { QueryLanguage: 'JSONata' }),
    StartAt: first,
    States: states,
  };
}

/** At most 40 characters, without the ones that ARNs end at. */
const label = (name: string): string => name.slice(0, 40);

interface Language {
  work(timeoutSeconds: number): JsonObject;
  approval: JsonObject;
  isApproved(next: string | undefined): JsonObject;
  map(work: JsonObject): JsonObject;
  csvImport(label: string, work: JsonObject): JsonObject;
}

const task = (resource: string, rest: JsonObject): JsonObject => ({
  Type: 'Task',
  Resource: `arn:aws:states:::lambda:invoke${resource}`,
  ...rest,
});
const inlined = (name: string, work: JsonObject, mode: JsonObject): JsonObject => ({
  ItemProcessor: { ProcessorConfig: mode, StartAt: name, States: { [name]: { ...work, End: true } } },
});
const retry = { Retry: retryOnServiceErrors } as unknown as JsonObject;

/** A batch stands twice in the function's payload (as input and in the context), which ends at 256 KiB. */
const batches = { MaxItemsPerBatch: 100, MaxInputBytesPerBatch: 100_000 };

/** The Distributed Map over the rows of a CSV object, but for what the query languages say differently. */
const csvMap = (
  name: string,
  work: JsonObject,
  field: 'Parameters' | 'Arguments',
  { object, bucket, attributes }: Record<'object' | 'bucket' | 'attributes', JsonObject>,
): JsonObject => ({
  Type: 'Map',
  Label: name,
  MaxConcurrency: 50,
  ItemReader: {
    Resource: 'arn:aws:states:::s3:getObject',
    ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
    [field]: object,
  },
  ItemBatcher: { ...batches, BatchInput: attributes },
  ...inlined('import_batch', work, { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }),
  ResultWriter: {
    Resource: 'arn:aws:states:::s3:putObject',
    [field]: { ...bucket, Prefix: `sfn-results/${name}` },
  },
});

const jsonPath: Language = {
  // The framework routes by the context, and replies [[what the handler returned]].
  work: (timeoutSeconds) =>
    task('', {
      Parameters: {
        FunctionName: functionPlaceholder,
        Payload: { 'input.$': '$', 'context.$': '$$' },
      },
      OutputPath: '$.Payload[0][0]',
      TimeoutSeconds: timeoutSeconds,
      ...retry,
    }),
  // The answer is raw, and keeps its place beside the input that the later states need.
  approval: task('.waitForTaskToken', {
    Parameters: {
      FunctionName: functionPlaceholder,
      Payload: { 'input.$': '$', 'context.$': '$$', 'taskToken.$': '$$.Task.Token' },
    },
    ResultPath: '$.approval',
    TimeoutSeconds: weekSeconds,
    ...retry,
  }),
  isApproved: (next) => ({
    Type: 'Choice',
    Choices: [{ Variable: '$.approval.approved', BooleanEquals: true, Next: next ?? 'approved' }],
    Default: 'rejected',
  }),
  map: (work) => ({
    Type: 'Map',
    ItemsPath: '$.items',
    MaxConcurrency: 2,
    ItemSelector: { 'requestId.$': '$.requestId', 'item.$': '$$.Map.Item.Value' },
    ...inlined('process_item', work, { Mode: 'INLINE' }),
    ResultPath: '$.results',
  }),
  csvImport: (name, work) => ({
    ...csvMap(name, work, 'Parameters', {
      object: { 'Bucket.$': '$.bucket', 'Key.$': '$.key' },
      bucket: { 'Bucket.$': '$.bucket' },
      attributes: { 'Attributes.$': '$' },
    }),
    ResultPath: '$.import',
  }),
};

const jsonata: Language = {
  work: (timeoutSeconds) =>
    task('', {
      Arguments: {
        FunctionName: functionPlaceholder,
        Payload: { input: '{% $states.input %}', context: '{% $states.context %}' },
      },
      Output: '{% $states.result.Payload[0][0] %}',
      TimeoutSeconds: timeoutSeconds,
      ...retry,
    }),
  approval: task('.waitForTaskToken', {
    Arguments: {
      FunctionName: functionPlaceholder,
      Payload: {
        input: '{% $states.input %}',
        context: '{% $states.context %}',
        taskToken: '{% $states.context.Task.Token %}',
      },
    },
    Output: '{% $merge([$states.input, {"approval": $states.result}]) %}',
    TimeoutSeconds: weekSeconds,
    ...retry,
  }),
  isApproved: (next) => ({
    Type: 'Choice',
    Choices: [{ Condition: '{% $states.input.approval.approved = true %}', Next: next ?? 'approved' }],
    Default: 'rejected',
  }),
  map: (work) => ({
    Type: 'Map',
    Items: '{% $states.input.items %}',
    MaxConcurrency: 2,
    ItemSelector: {
      requestId: '{% $states.input.requestId %}',
      item: '{% $states.context.Map.Item.Value %}',
    },
    ...inlined('process_item', work, { Mode: 'INLINE' }),
    Output: '{% $merge([$states.input, {"results": $states.result}]) %}',
  }),
  csvImport: (name, work) => ({
    ...csvMap(name, work, 'Arguments', {
      object: { Bucket: '{% $states.input.bucket %}', Key: '{% $states.input.key %}' },
      bucket: { Bucket: '{% $states.input.bucket %}' },
      attributes: { Attributes: '{% $states.input %}' },
    }),
    Output: '{% $merge([$states.input, {"import": $states.result}]) %}',
  }),
};

const languages: Record<MachineOptions['queryLanguage'], Language> = { JSONPath: jsonPath, JSONata: jsonata };
