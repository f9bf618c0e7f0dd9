import { type Expression, parseExpression } from './expression.js';
import { isObject, type Json, type JsonObject } from './json.js';
import { type Path, parsePath } from './json-path.js';
import type {
  Catcher,
  ChoiceRule,
  Condition,
  DistributedMap,
  Integration,
  MapState,
  Retrier,
  Setting,
  State,
  StateMachine,
  Workflow,
} from './machine.js';
import { compileTemplate, type Template } from './template.js';
import { parseTimestamp } from './timestamp.js';

/**
 * Makes a definition ready to run. It must have passed validation before (a child of a Distributed Map has,
 * as part of its parent); nothing is checked here.
 */
export function compileMachine(definition: JsonObject): StateMachine {
  return { ...workflow(definition), definition, timeoutSeconds: number(definition.TimeoutSeconds) };
}

function workflow(definition: JsonObject): Workflow {
  const states = new Map<string, State>();
  for (const [name, state] of Object.entries(object(definition.States)))
    states.set(name, compileState(name, object(state)));
  return { startAt: text(definition.StartAt), states };
}

function compileState(name: string, state: JsonObject): State {
  const common = {
    name,
    next: state.Next === undefined ? undefined : text(state.Next),
    inputPath: nullablePath(state.InputPath),
    outputPath: nullablePath(state.OutputPath),
    assign: template(state.Assign),
  };
  const result = {
    ...common,
    parameters: template(state.Parameters),
    resultSelector: template(state.ResultSelector),
    resultPath: nullablePath(state.ResultPath),
  };
  const errors = { ...result, retry: list(state.Retry).map(retrier), catch: list(state.Catch).map(catcher) };
  switch (state.Type) {
    case 'Pass':
      return { type: 'Pass', ...result, result: state.Result };
    case 'Task': {
      const resource = text(state.Resource);
      return {
        type: 'Task',
        ...errors,
        resource,
        integration: integrationOf(resource),
        timeout: setting(state.TimeoutSeconds, state.TimeoutSecondsPath),
        heartbeat: setting(state.HeartbeatSeconds, state.HeartbeatSecondsPath),
        credentials: template(state.Credentials),
      };
    }
    case 'Choice':
      return {
        type: 'Choice',
        ...common,
        next: state.Default === undefined ? undefined : text(state.Default),
        rules: list(state.Choices).map(choiceRule),
      };
    case 'Wait':
      return {
        type: 'Wait',
        ...common,
        seconds: setting(state.Seconds, state.SecondsPath),
        timestamp:
          typeof state.Timestamp === 'string'
            ? parseTimestamp(state.Timestamp)
            : setting(undefined, state.TimestampPath),
      };
    case 'Succeed':
      return { type: 'Succeed', ...common };
    case 'Fail':
      return {
        type: 'Fail',
        ...common,
        error: textOrExpression(state.Error, state.ErrorPath),
        cause: textOrExpression(state.Cause, state.CausePath),
      };
    case 'Parallel':
      return {
        type: 'Parallel',
        ...errors,
        branches: list(state.Branches).map((branch) => workflow(object(branch))),
      };
    default:
      return mapState(state, errors);
  }
}

function mapState(
  state: JsonObject,
  errors: Omit<MapState, 'type' | 'maxConcurrency' | 'processor'>,
): MapState {
  const processor = object(state.ItemProcessor ?? state.Iterator);
  const config = object(processor.ProcessorConfig);
  const selector = state.ItemSelector ?? state.Parameters;
  return {
    type: 'Map',
    ...errors,
    parameters: undefined,
    itemsPath: path(state.ItemsPath),
    itemSelector: template(selector),
    maxConcurrency: setting(state.MaxConcurrency, state.MaxConcurrencyPath),
    processor: workflow(processor),
    distributed: config.Mode === 'DISTRIBUTED' ? distributed(state, processor, config, selector) : undefined,
  };
}

function distributed(
  state: JsonObject,
  processor: JsonObject,
  config: JsonObject,
  itemSelector: Json | undefined,
): DistributedMap {
  const { ProcessorConfig: _, ...itemProcessor } = processor;
  const reader = isObject(state.ItemReader) ? state.ItemReader : undefined;
  const batcher = isObject(state.ItemBatcher) ? state.ItemBatcher : undefined;
  const writer = isObject(state.ResultWriter) ? state.ResultWriter : undefined;
  const readerConfig = object(reader?.ReaderConfig);
  return {
    label: state.Label === undefined ? undefined : text(state.Label),
    executionType: config.ExecutionType === 'EXPRESS' ? 'EXPRESS' : 'STANDARD',
    itemProcessor,
    itemSelector,
    itemReader: reader && {
      resource: text(reader.Resource),
      parameters: template(reader.Parameters),
      readerConfig,
      maxItems: setting(readerConfig.MaxItems, readerConfig.MaxItemsPath),
    },
    itemBatcher: batcher && {
      batchInput: template(batcher.BatchInput),
      maxItems: setting(batcher.MaxItemsPerBatch, batcher.MaxItemsPerBatchPath),
      maxInputBytes: setting(batcher.MaxInputBytesPerBatch, batcher.MaxInputBytesPerBatchPath),
    },
    resultWriter: writer && {
      resource: writer.Resource === undefined ? undefined : text(writer.Resource),
      parameters: template(writer.Parameters),
      writerConfig: writer.WriterConfig,
    },
    toleratedFailureCount: setting(state.ToleratedFailureCount, state.ToleratedFailureCountPath),
    toleratedFailurePercentage: setting(
      state.ToleratedFailurePercentage,
      state.ToleratedFailurePercentagePath,
    ),
  };
}

const SERVICE = /^arn:[^:]*:states:[^:]*:[^:]*:(?!activity:)((?:aws-sdk:)?[^:]+):(.+)$/;

/** `arn:aws:states:::sqs:sendMessage.waitForTaskToken`, a function's ARN, or an activity's. */
export function integrationOf(resource: string): Integration {
  const service = SERVICE.exec(resource);
  if (service?.[1] && service[2]) {
    const pattern = /\.waitForTaskToken$/.test(service[2])
      ? 'waitForTaskToken'
      : /\.sync(:2)?$/.test(service[2])
        ? 'sync'
        : 'call';
    return { kind: 'service', resourceType: service[1], resource: service[2], pattern };
  }
  return { kind: /^arn:[^:]*:states:[^:]*:[^:]*:activity:/.test(resource) ? 'activity' : 'lambda' };
}

function retrier(json: Json): Retrier {
  const source = object(json);
  return {
    errorEquals: list(source.ErrorEquals).map(text),
    intervalSeconds: number(source.IntervalSeconds) ?? 1,
    maxAttempts: number(source.MaxAttempts) ?? 3,
    backoffRate: number(source.BackoffRate) ?? 2,
    maxDelaySeconds: number(source.MaxDelaySeconds),
    fullJitter: source.JitterStrategy === 'FULL',
  };
}

function catcher(json: Json): Catcher {
  const source = object(json);
  return {
    errorEquals: list(source.ErrorEquals).map(text),
    next: text(source.Next),
    resultPath: nullablePath(source.ResultPath),
    assign: template(source.Assign),
  };
}

function choiceRule(json: Json): ChoiceRule {
  const source = object(json);
  return { condition: condition(source), next: text(source.Next), assign: template(source.Assign) };
}

const NOT_OPERATORS = new Set(['Variable', 'Next', 'Comment', 'Assign']);

function condition(source: JsonObject): Condition {
  if (source.And) return { kind: 'and', conditions: list(source.And).map((rule) => condition(object(rule))) };
  if (source.Or) return { kind: 'or', conditions: list(source.Or).map((rule) => condition(object(rule))) };
  if (source.Not) return { kind: 'not', condition: condition(object(source.Not)) };
  const [key = '', operand = null] = Object.entries(source).find(([name]) => !NOT_OPERATORS.has(name)) ?? [];
  const byPath = key.endsWith('Path');
  return {
    kind: 'compare',
    variable: parsePath(text(source.Variable)),
    operator: byPath ? key.slice(0, -4) : key,
    operand: byPath ? parsePath(text(operand)) : operand,
    byPath,
  } as Condition;
}

const list = (json: Json | undefined): Json[] => (Array.isArray(json) ? json : []);
const object = (json: Json | undefined): JsonObject => (isObject(json) ? json : {});
const text = (json: Json | undefined): string => (typeof json === 'string' ? json : '');
const number = (json: Json | undefined): number | undefined => (typeof json === 'number' ? json : undefined);
const path = (json: Json | undefined): Path | undefined =>
  typeof json === 'string' ? parsePath(json) : undefined;
const setting = (literal: Json | undefined, byPath: Json | undefined): Setting =>
  number(literal) ?? path(byPath);
const template = (json: Json | undefined): Template | undefined =>
  json === undefined ? undefined : compileTemplate(json);
const textOrExpression = (
  literal: Json | undefined,
  byPath: Json | undefined,
): string | Expression | undefined =>
  typeof literal === 'string' ? literal : typeof byPath === 'string' ? parseExpression(byPath) : undefined;

/** `$` is the whole, which is what an absent path says too. */
function nullablePath(json: Json | undefined): Path | null | undefined {
  if (json === null) return null;
  return json === '$' ? undefined : path(json);
}
