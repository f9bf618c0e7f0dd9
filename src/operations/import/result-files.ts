import { exitCodes, type FlowError } from '../../errors.js';
import { type ImportMachine, manifestKey } from '../../framework/import/machine.js';
import { isObject, type Json } from '../../json/json.js';
import { arrayElements } from '../../json/split-array.js';
import type { Gateways, MapRunDescription } from '../../ports/aws.js';

/** A child as the ResultWriter writes it. */
export interface ChildResult {
  ExecutionArn?: string;
  /** Read when it is asked for: most batches succeed, and nobody looks at their rows. */
  Input: string;
  Output?: string;
  Status: string;
  Error?: string;
  Cause?: string;
}

/**
 * The children of a map run as its ResultWriter wrote them; undefined where it wrote none.
 * @param output the Map's
 */
export async function resultFiles(
  { objects }: Pick<Gateways, 'objects'>,
  machine: Pick<ImportMachine, 'results'>,
  output: Json | undefined,
  mapRun: MapRunDescription,
): Promise<AsyncIterable<ChildResult> | undefined> {
  const place = manifestOf(output) ?? declaredManifest(machine, mapRun);
  const manifest = place && (await readJson(objects, place.bucket, place.key));
  if (!place || !isObject(manifest) || !isObject(manifest.ResultFiles)) return undefined;
  const keys = Object.values(manifest.ResultFiles)
    .flat()
    .flatMap((entry) => (isObject(entry) && typeof entry.Key === 'string' ? [entry.Key] : []));
  return childrenIn(objects, place.bucket, keys);
}

async function* childrenIn(
  objects: Gateways['objects'],
  bucket: string,
  keys: string[],
): AsyncGenerator<ChildResult> {
  for (const key of keys) yield* arrayElements<ChildResult>(await objects.read(bucket, key), 'Input');
}

/** What the Map says itself of its ResultWriter. */
function manifestOf(output: Json | undefined): { bucket: string; key: string } | undefined {
  const details = isObject(output) ? output.ResultWriterDetails : undefined;
  if (!isObject(details) || typeof details.Bucket !== 'string' || typeof details.Key !== 'string')
    return undefined;
  return { bucket: details.Bucket, key: details.Key };
}

const declaredManifest = (
  { results }: Pick<ImportMachine, 'results'>,
  { mapRunArn, redriveCount }: Pick<MapRunDescription, 'mapRunArn' | 'redriveCount'>,
) => results && { bucket: results.bucket, key: manifestKey(results.prefix, mapRunArn, redriveCount) };

async function readJson(
  objects: Gateways['objects'],
  bucket: string,
  key: string,
): Promise<Json | undefined> {
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await objects.read(bucket, key)) chunks.push(chunk);
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Json;
  } catch (error) {
    // The bucket of a placeholder is nobody's, or somebody else's.
    const { exitCode } = error as FlowError;
    if (exitCode === exitCodes.notFound || exitCode === exitCodes.denied) return undefined;
    throw error;
  }
}
