import { isObject, type Json, type JsonObject } from '../asl/json.js';
import { definedStates } from './definition-states.js';

/** What an import needs to know of the import-csv machine that is deployed. */
export interface ImportMachine {
  /** Name of the Distributed Map over the CSV; undefined where the machine has none (the local environment's). */
  mapState?: string;
  /** Limits of a batch; undefined: each row is a child of its own. */
  batcher?: { maxItemsPerBatch?: number; maxInputBytesPerBatch?: number };
  /** Where its ResultWriter writes, when that is written out in the definition. */
  results?: { bucket: string; prefix: string };
  /** A state that closes the framework's job record: it needs the record's id as `sourceId`. */
  finalizes: boolean;
}

/** Reads the deployed definition (JSON text of a state machine that AWS has accepted). */
export function readImportMachine(definition: string): ImportMachine {
  const states = definedStates(definition);
  const found = states.find(({ state }) => isCsvMap(state));
  const finalizes = states.some(({ name }) => name === 'finalize_parent_job');
  if (!found) return { finalizes };
  const { name: mapState, state } = found;
  const batcher = isObject(state.ItemBatcher) ? state.ItemBatcher : undefined;
  const writer = isObject(state.ResultWriter) ? state.ResultWriter : undefined;
  const place = writer && [writer.Parameters, writer.Arguments].find(isObject);
  return {
    mapState,
    finalizes,
    ...(batcher && {
      batcher: {
        maxItemsPerBatch: numberOf(batcher.MaxItemsPerBatch),
        maxInputBytesPerBatch: numberOf(batcher.MaxInputBytesPerBatch),
      },
    }),
    ...(typeof place?.Bucket === 'string' && {
      results: { bucket: place.Bucket, prefix: typeof place.Prefix === 'string' ? place.Prefix : '' },
    }),
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

/** Key of a map run's result manifest: `<Prefix>/<uuid of the map run>/manifest.json`. */
export function manifestKey(prefix: string, mapRunArn: string): string {
  const uuid = mapRunArn.slice(mapRunArn.lastIndexOf(':') + 1);
  return [prefix.replace(/\/+$/, ''), uuid, 'manifest.json'].filter((part) => part !== '').join('/');
}

/** `imports/20261124-1a2b3c4d/商品.csv`: unique by content, readable in a console. */
export function uploadKey(fileName: string, sha256: string, now: number): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '');
  return `imports/${day}-${sha256.slice(0, 8)}/${fileName}`;
}

/** At most 80 characters of those that AWS allows in names and logs: table, content, time. */
export function importName(table: string, sha256: string, now: number): string {
  const readable = table
    .replace(/[^0-9A-Za-z_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50);
  return [readable || 'import', sha256.slice(0, 8), now.toString(36)].join('-');
}
