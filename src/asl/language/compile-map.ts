import { isObject, type JsonObject } from '../../json/json.js';
import type { Fields } from './compile-fields.js';
import { object, optionalText, path, text } from './compile-fields.js';
import type { DistributedMap, MapState, QueryLanguage, Workflow } from './machine.js';

type Rest = Omit<MapState, 'type' | 'maxConcurrency' | 'processor'>;

/** `machine`: the query language of the whole machine, which the states of the processor inherit. */
export function compileMap(
  state: JsonObject,
  fields: Fields,
  rest: Rest,
  machine: QueryLanguage,
  workflow: (definition: JsonObject, machine: QueryLanguage) => Workflow,
): MapState {
  const processor = object(state.ItemProcessor ?? state.Iterator);
  const config = object(processor.ProcessorConfig);
  return {
    type: 'Map',
    ...rest,
    parameters: undefined,
    itemsPath: path(state.ItemsPath),
    items: fields.template(state.Items, 'Items'),
    itemSelector: fields.template(state.ItemSelector ?? state.Parameters, 'ItemSelector'),
    maxConcurrency: fields.setting(state, 'MaxConcurrency'),
    processor: workflow(processor, machine),
    ...(config.Mode === 'DISTRIBUTED'
      ? { distributed: distributed(state, fields, machine) }
      : { misplaced: DISTRIBUTED_ONLY.some((field) => state[field] !== undefined) }),
  };
}

const DISTRIBUTED_ONLY = ['ItemReader', 'ItemBatcher', 'ResultWriter'];

function distributed(state: JsonObject, fields: Fields, machine: QueryLanguage): DistributedMap {
  const { ProcessorConfig: config, ...processor } = object(state.ItemProcessor ?? state.Iterator);
  return {
    label: optionalText(state.Label),
    executionType: object(config).ExecutionType === 'EXPRESS' ? 'EXPRESS' : 'STANDARD',
    // A child runs alone, so what it inherits goes with it.
    itemProcessor: machine === 'JSONata' ? { ...processor, QueryLanguage: machine } : processor,
    itemSelector: state.ItemSelector ?? state.Parameters,
    itemReader: isObject(state.ItemReader) ? itemReader(state.ItemReader, fields) : undefined,
    itemBatcher: isObject(state.ItemBatcher) ? itemBatcher(state.ItemBatcher, fields) : undefined,
    resultWriter: isObject(state.ResultWriter) ? resultWriter(state.ResultWriter, fields) : undefined,
    toleratedFailureCount: fields.setting(state, 'ToleratedFailureCount'),
    toleratedFailurePercentage: fields.setting(state, 'ToleratedFailurePercentage'),
  };
}

function itemReader(reader: JsonObject, fields: Fields): DistributedMap['itemReader'] {
  const readerConfig = object(reader.ReaderConfig);
  return {
    resource: text(reader.Resource),
    parameters: fields.template(reader.Parameters ?? reader.Arguments, 'ItemReader/Arguments'),
    readerConfig,
    maxItems: fields.setting(readerConfig, 'MaxItems', 'ItemReader/ReaderConfig'),
  };
}

function itemBatcher(batcher: JsonObject, fields: Fields): DistributedMap['itemBatcher'] {
  return {
    batchInput: fields.template(batcher.BatchInput, 'ItemBatcher/BatchInput'),
    maxItems: fields.setting(batcher, 'MaxItemsPerBatch', 'ItemBatcher'),
    maxInputBytes: fields.setting(batcher, 'MaxInputBytesPerBatch', 'ItemBatcher'),
  };
}

function resultWriter(writer: JsonObject, fields: Fields): DistributedMap['resultWriter'] {
  return {
    resource: optionalText(writer.Resource),
    parameters: fields.template(writer.Parameters ?? writer.Arguments, 'ResultWriter/Arguments'),
    writerConfig: writer.WriterConfig,
  };
}
