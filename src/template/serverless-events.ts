import { isObject, type Json, type JsonObject } from '../json/json.js';
import { createResolver } from './resolver.js';
import { serverlessTemplate } from './serverless.js';
import { createVariables, type VariableSources } from './variables.js';

/** A stream or a queue that a serverless.yml gives to a function. */
export interface FunctionEvent {
  kind: 'stream' | 'queue';
  /** Of the table or the queue. */
  name: string;
  functionName: string;
  filters?: Json[];
  batchSize?: number;
}

/**
 * The queues and DynamoDB streams among the events of the functions. One whose ARN can't be known here (a variable
 * without a value, another stack's) is left out.
 */
export async function serverlessEvents(file: JsonObject, sources: VariableSources): Promise<FunctionEvent[]> {
  const { resolve } = createVariables(file, sources);
  // Machines are no matter here, and what they name may be known elsewhere only.
  const template = await serverlessTemplate({ ...file, stepFunctions: null }, sources);
  const { region, account } = sources;
  const resolver = createResolver(template, { partition: 'aws', region, account, stackName: 'local' });
  const functions = isObject(file.functions) ? Object.entries(file.functions) : [];
  const events = functions.flatMap(([key, entry]) =>
    (isObject(entry) && Array.isArray(entry.events) ? entry.events : [])
      .filter(isObject)
      .map(async (event): Promise<FunctionEvent[]> => {
        const { type, settings } = sourceOf(event);
        if (type === undefined || settings.enabled === false) return [];
        const arn = resolver.resolve(await resolve(settings.arn).catch(() => undefined));
        if (typeof arn !== 'string') return [];
        const table = /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/([^/]+)/.exec(arn)?.[1];
        const queue = /^arn:[^:]*:sqs:[^:]*:[^:]*:([^:]+)$/.exec(arn)?.[1];
        const name = type === 'sqs' ? queue : table;
        if (name === undefined) return [];
        const [filters, batchSize] = [
          await resolve(settings.filterPatterns),
          await resolve(settings.batchSize),
        ];
        return [
          {
            kind: type === 'sqs' ? 'queue' : 'stream',
            name,
            functionName: functionNameOf(template, key),
            ...(Array.isArray(filters) && { filters }),
            ...(typeof batchSize === 'number' && { batchSize }),
          },
        ];
      }),
  );
  return (await Promise.all(events)).flat();
}

/** `- sqs: ARN` or `- sqs: {arn, batchSize, …}`; a stream of Kinesis is none of ours. */
function sourceOf(event: JsonObject): { type?: 'sqs' | 'stream'; settings: JsonObject } {
  const type = 'sqs' in event ? 'sqs' : 'stream' in event ? 'stream' : undefined;
  const given = type && event[type];
  return { type, settings: isObject(given) && given.arn !== undefined ? given : { arn: given ?? null } };
}

function functionNameOf({ Resources }: JsonObject, key: string): string {
  const resource = isObject(Resources) ? Resources[key] : undefined;
  const properties = isObject(resource) && isObject(resource.Properties) ? resource.Properties : {};
  return String(properties.FunctionName ?? key);
}
