import { isObject, type Json, type JsonObject } from '../../../json/json.js';
import { jsonText } from '../../../json/lossless.js';
import type { Scope } from '../../data/scope.js';
import { runtimeError } from '../../data/state-error.js';
import { exceedsLimit, fromText, jsonOf, type Value } from '../../data/value.js';
import type { DistributedMap, MapState } from '../../language/machine.js';
import { dataLimitCause } from '../attempt.js';
import { prepared } from '../evaluation.js';
import type { Frame, OpenMapRun, Standing, Transition } from '../execution.js';
import { finishWithResult } from '../leave-state.js';
import { listItems } from '../map-item.js';
import { type Outcome, WAIT } from '../outcome.js';
import type { Effect, MapRunSpec } from '../protocol.js';
import { advance, note, perform, record } from '../recorder.js';
import {
  applyPath,
  applyTemplate,
  contextObject,
  integerSetting,
  numberSetting,
  scopeOf,
} from '../state-scope.js';
import { itemsOf } from './parallel-and-inline-map.js';

export function distributedMap(
  step: Transition,
  frame: Frame,
  standing: Standing,
  state: MapState,
  distributed: DistributedMap,
): Outcome {
  const scope = scopeOf(step.execution, frame, standing, standing.input);
  return prepared(step, frame, standing, scope, queriedFields(state, distributed), (step) =>
    startMapRun(step, frame, standing, state, distributed, scope),
  );
}

const queriedFields = (
  { items, maxConcurrency }: MapState,
  { itemReader, itemBatcher, resultWriter, ...tolerated }: DistributedMap,
) => [
  items,
  itemReader?.parameters,
  itemReader?.maxItems,
  itemBatcher?.batchInput,
  itemBatcher?.maxItems,
  itemBatcher?.maxInputBytes,
  resultWriter?.parameters,
  maxConcurrency,
  tolerated.toleratedFailureCount,
  tolerated.toleratedFailurePercentage,
];

function startMapRun(
  step: Transition,
  frame: Frame,
  standing: Standing,
  state: MapState,
  distributed: DistributedMap,
  scope: Scope,
): Outcome {
  const { execution } = step;
  const effective = applyPath(state.inputPath, standing.input, scope);
  standing.effective = effective;
  note(step, standing, 'afterInputPath', effective);
  const inner = { ...scope, input: effective };
  const items = distributed.itemReader ? undefined : itemsOf(state, effective, inner);
  const maxConcurrency = integerSetting(state.maxConcurrency, 'MaxConcurrency', inner) ?? 0;
  if (maxConcurrency < 0) throw runtimeError('MaxConcurrency cannot be negative.');
  const length = items === undefined ? 0 : listItems(items).length;
  const startedId = advance(step, frame, 'MapStateStarted', ['mapStateStartedEventDetails', { length }]);

  const spec: MapRunSpec = {
    stateName: state.name,
    label: distributed.label,
    executionType: distributed.executionType,
    itemProcessor: distributed.itemProcessor,
    items,
    itemReader: itemReader(distributed, effective, inner),
    itemSelector: distributed.itemSelector,
    queryLanguage: state.language,
    variables: selectorVariables(distributed, inner),
    itemBatcher: itemBatcher(distributed, effective, inner),
    resultWriter: resultWriter(distributed, effective, inner),
    maxConcurrency,
    ...tolerance(distributed, inner),
    input: jsonOf(effective),
    context: jsonOf(contextObject(execution, standing)),
  };
  const taskId = execution.lastEventId + 1;
  const mapRunArn = execution.env.mapRunArn(taskId, distributed.label);
  record(step, 'MapRunStarted', startedId, ['mapRunStartedEventDetails', { mapRunArn }]);
  frame.previous = taskId;
  const mapRun: OpenMapRun = { taskId, mapRunArn, frame, state, spec, redriveCount: 0 };
  watch(step, standing, mapRun);
  perform(step, mapRunEffect(mapRun));
  return WAIT;
}

function watch(step: Transition, standing: Standing, mapRun: OpenMapRun): void {
  step.execution.mapRuns.set(mapRun.taskId, mapRun);
  standing.mapRun = mapRun;
  standing.waiting = { for: 'mapRun', mapRun };
}

/** Goes on with the map run that a redriven state has; answers false where it has none to go on with. */
export function redriveMapRun(step: Transition, frame: Frame, standing: Standing): boolean {
  const { mapRun } = standing;
  if (!mapRun) return false;
  const { mapRunArn } = mapRun;
  const redriveCount = ++mapRun.redriveCount;
  advance(step, frame, 'MapRunRedriven', ['mapRunRedrivenEventDetails', { mapRunArn, redriveCount }]);
  watch(step, standing, mapRun);
  perform(step, mapRunEffect(mapRun));
  return true;
}

/** What has a map run begun, or going on, outside. */
export function mapRunEffect({ taskId, mapRunArn, redriveCount, spec }: OpenMapRun): Effect {
  return redriveCount === 0
    ? { type: 'StartMapRun', taskId, mapRunArn, spec }
    : { type: 'RedriveMapRun', taskId, mapRunArn, redriveCount, spec };
}

export function mapRunSucceeded(
  step: Transition,
  mapRun: OpenMapRun,
  standing: Standing,
  output: string,
): Outcome {
  const { frame, state, taskId } = mapRun;
  if (exceedsLimit(output))
    return mapRunFailed(step, mapRun, standing, 'States.DataLimitExceeded', dataLimitCause(state.name));
  close(step, mapRun, standing);
  // Whatever fails from here on, these children are done: a redrive makes a new map run.
  standing.mapRun = undefined;
  const succeededId = record(step, 'MapRunSucceeded', taskId);
  record(step, 'MapStateSucceeded', succeededId);
  return finishWithResult(step, frame, standing, state, fromText(output));
}

/** A map run that failed so is begun anew. */
const NOT_REDRIVEN = new Set(['States.DataLimitExceeded', 'States.Runtime']);

export function mapRunFailed(
  step: Transition,
  mapRun: OpenMapRun,
  standing: Standing,
  error: string,
  cause: string | undefined,
): Outcome {
  close(step, mapRun, standing);
  if (NOT_REDRIVEN.has(error)) standing.mapRun = undefined;
  advance(step, mapRun.frame, 'MapRunFailed', ['mapRunFailedEventDetails', { error, cause }]);
  return { kind: 'fail', error, cause };
}

function close(step: Transition, mapRun: OpenMapRun, standing: Standing): void {
  step.execution.mapRuns.delete(mapRun.taskId);
  standing.waiting = undefined;
}

/** Variables that the ItemSelector may ask for: it is applied far from here. */
function selectorVariables({ itemSelector }: DistributedMap, scope: Scope): JsonObject | undefined {
  if (itemSelector === undefined) return undefined;
  const names = jsonText(itemSelector).matchAll(/\$([\p{ID_Start}_][\p{ID_Continue}]*)/gu);
  const found = [...names].flatMap(([, name = '']): [string, Json][] => {
    const value = scope.variable(name);
    return value === undefined ? [] : [[name, value]];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

function itemReader({ itemReader }: DistributedMap, input: Value, scope: Scope): MapRunSpec['itemReader'] {
  if (!itemReader) return undefined;
  const { readerConfig } = itemReader;
  return {
    resource: itemReader.resource,
    parameters: itemReader.parameters ? jsonOf(applyTemplate(itemReader.parameters, input, scope)) : {},
    readerConfig: {
      inputType: string(readerConfig.InputType) ?? '',
      csvHeaderLocation: string(readerConfig.CSVHeaderLocation),
      csvHeaders: Array.isArray(readerConfig.CSVHeaders) ? readerConfig.CSVHeaders.map(String) : undefined,
      csvDelimiter: string(readerConfig.CSVDelimiter),
      itemsPointer: string(readerConfig.ItemsPointer),
      transformation: string(readerConfig.Transformation),
      manifestType: string(readerConfig.ManifestType),
      maxItems: integerSetting(itemReader.maxItems, 'MaxItems', scope),
    },
  };
}

function itemBatcher({ itemBatcher }: DistributedMap, input: Value, scope: Scope): MapRunSpec['itemBatcher'] {
  if (!itemBatcher) return undefined;
  return {
    batchInput: itemBatcher.batchInput && jsonOf(applyTemplate(itemBatcher.batchInput, input, scope)),
    maxItemsPerBatch: integerSetting(itemBatcher.maxItems, 'MaxItemsPerBatch', scope),
    maxInputBytesPerBatch: integerSetting(itemBatcher.maxInputBytes, 'MaxInputBytesPerBatch', scope),
  };
}

function resultWriter(
  { resultWriter }: DistributedMap,
  input: Value,
  scope: Scope,
): MapRunSpec['resultWriter'] {
  if (!resultWriter) return undefined;
  const resolved = resultWriter.parameters && jsonOf(applyTemplate(resultWriter.parameters, input, scope));
  const parameters: JsonObject = isObject(resolved) ? resolved : {};
  return {
    resource: resultWriter.resource,
    bucket: string(parameters.Bucket),
    prefix: string(parameters.Prefix),
    writerConfig: resultWriter.writerConfig,
    ...(resultWriter.resource !== undefined && { problem: destinationProblem(parameters) }),
  };
}

/** What is wrong with where results are to go: AWS converts nothing to text. */
function destinationProblem({ Bucket: bucket, Prefix: prefix }: JsonObject): string | undefined {
  if (bucket === undefined) return 'The ResultWriter needs a Bucket.';
  if (typeof bucket !== 'string')
    return `The ResultWriter's Bucket must be a string but was: ${jsonText(bucket)}`;
  if (prefix === undefined || typeof prefix === 'string') return undefined;
  return `The ResultWriter's Prefix must be a string but was: ${jsonText(prefix)}`;
}

function tolerance(distributed: DistributedMap, scope: Scope) {
  const count = integerSetting(distributed.toleratedFailureCount, 'ToleratedFailureCount', scope) ?? 0;
  if (count < 0) throw runtimeError('ToleratedFailureCount cannot be negative.');
  const percentage =
    numberSetting(distributed.toleratedFailurePercentage, 'ToleratedFailurePercentage', 'float', scope) ?? 0;
  if (percentage < 0 || percentage > 100)
    throw runtimeError('ToleratedFailurePercentage must be between 0 and 100.');
  return { toleratedFailureCount: count, toleratedFailurePercentage: percentage };
}

const string = (json: Json | undefined): string | undefined => (typeof json === 'string' ? json : undefined);
