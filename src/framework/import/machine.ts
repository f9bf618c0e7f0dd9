import type { Delimiter } from '../../csv/dialect.js';
import type { ReaderDialect } from '../../csv/transcode.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { definedStates } from '../../workflow/definition/definition-states.js';
import { functionNames } from '../../workflow/definition/function-names.js';

/** What an import needs to know of the import-csv machine that is deployed. */
export interface ImportMachine {
  /** Name of the Distributed Map over the CSV; undefined where the machine has none (the local environment's). */
  mapState?: string;
  /** Limits of a batch; undefined: each row is a child of its own. */
  batcher?: { maxItemsPerBatch?: number; maxInputBytesPerBatch?: number };
  /** Where its ResultWriter writes, when that is written out in the definition. */
  results?: { bucket: string; prefix: string };
  /** Members that lead from the Map state's output to its result; undefined where it is discarded. */
  resultPath?: string[];
  /** Its children are STANDARD: each can be described after its end. */
  childrenDescribed: boolean;
  /** What its reader declares of the objects. */
  reader: ReaderDialect;
  /** Most bytes of one row as JSON that a child can hand to its function. */
  maxRowBytes: number;
  /** A state that closes the framework's job record: it needs the record's id as `sourceId`. */
  finalizes: boolean;
  /** Lambda functions that its children call, by name or ARN. */
  functions: string[];
}

/** AWS's limit of a state's input and of a function's, less what stands around a row in it. */
const maxPayloadBytes = 262_144 - 2_048;
const defaults = {
  reader: { delimiter: ',' as const },
  childrenDescribed: false,
  maxRowBytes: maxPayloadBytes,
  functions: [] as string[],
};

/** Reads the deployed definition (JSON text of a state machine that AWS has accepted). */
export function readImportMachine(definition: string): ImportMachine {
  const states = definedStates(definition);
  const found = states.find(({ state }) => isCsvMap(state));
  const finalizes = states.some(({ name }) => name === finalizeState);
  if (!found) return { ...defaults, finalizes };
  const { name: mapState, state } = found;
  const processor = state.ItemProcessor ?? state.Iterator;
  return {
    ...defaults,
    mapState,
    finalizes,
    resultPath: resultPathOf(state.ResultPath),
    childrenDescribed: childTypeOf(processor) === 'STANDARD',
    reader: readerOf(state.ItemReader),
    // `"context.$": "$$"` beside `"input.$": "$"`: the context holds the execution's input once more.
    maxRowBytes: JSON.stringify(processor ?? null).includes('"$$"') ? maxPayloadBytes / 2 : maxPayloadBytes,
    functions: functionNames(JSON.stringify(processor ?? null)),
    ...batchingOf(state.ItemBatcher),
    ...resultsOf(state.ResultWriter),
  };
}

export const finalizeState = 'finalize_parent_job';

function batchingOf(batcher: Json | undefined): Pick<ImportMachine, 'batcher'> {
  if (!isObject(batcher)) return {};
  return {
    batcher: {
      maxItemsPerBatch: numberOf(batcher.MaxItemsPerBatch),
      maxInputBytesPerBatch: numberOf(batcher.MaxInputBytesPerBatch),
    },
  };
}

function resultsOf(writer: Json | undefined): Pick<ImportMachine, 'results'> {
  const place = isObject(writer) ? [writer.Parameters, writer.Arguments].find(isObject) : undefined;
  if (typeof place?.Bucket !== 'string') return {};
  return { results: { bucket: place.Bucket, prefix: typeof place.Prefix === 'string' ? place.Prefix : '' } };
}

/** `$.processingResults` → `['processingResults']`. */
function resultPathOf(path: Json | undefined): string[] | undefined {
  if (path === null) return undefined;
  return typeof path === 'string' ? path.split('.').slice(1) : [];
}

function childTypeOf(processor: Json | undefined): Json | undefined {
  const config = isObject(processor) ? processor.ProcessorConfig : undefined;
  return isObject(config) ? (config.ExecutionType ?? 'STANDARD') : undefined;
}

const delimiterNames: Record<string, Delimiter> = {
  COMMA: ',',
  TAB: '\t',
  SEMICOLON: ';',
  PIPE: '|',
  SPACE: ' ',
};

function readerOf(reader: Json | undefined): ReaderDialect {
  const config = isObject(reader) && isObject(reader.ReaderConfig) ? reader.ReaderConfig : {};
  const headers = config.CSVHeaderLocation === 'GIVEN' && Array.isArray(config.CSVHeaders);
  return {
    delimiter: delimiterNames[String(config.CSVDelimiter)] ?? ',',
    ...(headers && { headers: (config.CSVHeaders as Json[]).map(String) }),
  };
}

function isCsvMap(state: JsonObject): boolean {
  const reader = state.ItemReader;
  return (
    state.Type === 'Map' &&
    isObject(reader) &&
    isObject(reader.ReaderConfig) &&
    reader.ReaderConfig.InputType === 'CSV'
  );
}

const numberOf = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;

/** Key of a map run's result manifest: `<Prefix>/<uuid of the map run>/manifest.json`; each redrive has its own. */
export function manifestKey(prefix: string, mapRunArn: string, redriveCount = 0): string {
  const base = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const redrive = redriveCount > 0 ? `Redrive-${redriveCount}/` : '';
  return `${base}${mapRunArn.slice(mapRunArn.lastIndexOf(':') + 1)}/${redrive}manifest.json`;
}

/** `imports/20261124-1a2b3c4d/商品.csv`: unique by content, readable in a console. */
export function uploadKey(fileName: string, sha256: string, now: number): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '');
  return `imports/${day}-${sha256.slice(0, 8)}/${fileName}`;
}
