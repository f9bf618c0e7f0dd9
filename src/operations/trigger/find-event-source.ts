import { exitCodes, FlowError, failedWith } from '../../errors.js';
import { type FilterPattern, frameworkStreamFilter, readFilters } from '../../events/filter-pattern.js';
import { tableOfStream } from '../../events/stream-record.js';
import type { EventSourceMapping, FunctionGateway, StepFunctionsGateway } from '../../ports/aws.js';
import { functionNames, plainName } from '../../workflow/definition/function-names.js';

export type SourceKind = 'stream' | 'queue';

/** Where a record comes from, who gets it, and which records are left out. */
export interface EventSource {
  /** Name of the table or the queue. */
  name: string;
  /** Of the stream or the queue. */
  arn: string;
  functionName: string;
  /** Why it is this function, for people. */
  reason: string;
  filters: FilterPattern[];
}

interface Wanted {
  kind: SourceKind;
  /** As it was called: with or without the prefix. */
  name: string;
  prefix?: string;
  region: string;
  account: string;
  /** Named by the user. */
  functionName?: string;
  /** The target's own. */
  configured?: string;
  /** The machine that such records are for. */
  machineArn(): Promise<string>;
}

interface Gateways {
  functions: Pick<FunctionGateway, 'eventSourceMappings'>;
  states: Pick<StepFunctionsGateway, 'describeStateMachine'>;
}

/**
 * The event source of that name: as the account's event source mappings have it, else as the framework would set it
 * up. The function: as named, as configured, as mapped, else the one that the machine calls.
 * @throws FlowError 5 when several functions get its records, 3 when none is known
 */
export async function findEventSource(gateways: Gateways, wanted: Wanted): Promise<EventSource> {
  const named = wanted.functionName ?? wanted.configured;
  const mapping = soleMapping(await mappingsOf(gateways.functions, wanted), named, wanted.name);
  const name = mapping ? sourceName(mapping.eventSourceArn) : physicalName(wanted);
  const by = wanted.functionName === undefined ? 'as configured' : 'as named';
  const [functionName, reason] =
    named !== undefined
      ? [named, by]
      : mapping
        ? [mapping.functionArn, 'by its event source mapping']
        : await functionOfMachine(gateways.states, await wanted.machineArn());
  return {
    name,
    arn: mapping?.eventSourceArn ?? conventionalArn(wanted, name),
    functionName,
    reason,
    filters: mapping
      ? mapping.filters.flatMap((text) => readFilters(JSON.parse(text), `filter of ${name}`))
      : wanted.kind === 'stream'
        ? [frameworkStreamFilter]
        : [],
  };
}

/** Of the source; none also where the account's may not be listed. */
async function mappingsOf(
  functions: Gateways['functions'],
  { kind, name, prefix = '' }: Wanted,
): Promise<EventSourceMapping[]> {
  const names = [name, prefix + name];
  try {
    return (await functions.eventSourceMappings()).filter(
      ({ eventSourceArn }) =>
        (kind === 'stream') === (tableOfStream(eventSourceArn) !== undefined) &&
        names.includes(sourceName(eventSourceArn)),
    );
  } catch (error) {
    if (failedWith(error, exitCodes.denied)) return [];
    throw error;
  }
}

const sourceName = (arn: string): string => tableOfStream(arn) ?? arn.split(':').at(-1) ?? arn;

function soleMapping(
  mappings: EventSourceMapping[],
  functionName: string | undefined,
  name: string,
): EventSourceMapping | undefined {
  if (functionName !== undefined) {
    const plain = plainName(functionName);
    return mappings.find(({ functionArn }) => plainName(functionArn) === plain);
  }
  const functions = [...new Set(mappings.map(({ functionArn }) => functionArn))];
  if (functions.length < 2) return mappings[0];
  throw new FlowError(
    exitCodes.conflict,
    'SeveralFunctions',
    `several functions receive the records of ${name}: ${functions.map(plainName).join(', ')}`,
    { hint: 'name one of them: --function NAME', details: { candidates: functions } },
  );
}

function physicalName({ name, prefix = '' }: Wanted): string {
  return name.startsWith(prefix) ? name : prefix + name;
}

/** As AWS would call it; a stream's label is the time when it was switched on, which nobody knows here. */
function conventionalArn({ kind, region, account }: Wanted, name: string): string {
  return kind === 'queue'
    ? `arn:aws:sqs:${region}:${account}:${name}`
    : `arn:aws:dynamodb:${region}:${account}:table/${name}/stream/2026-01-01T00:00:00.000`;
}

async function functionOfMachine(
  states: Gateways['states'],
  machineArn: string,
): Promise<[name: string, reason: string]> {
  const { definition, name } = await states.describeStateMachine(machineArn);
  const functions = functionNames(definition);
  const [only, another] = functions;
  const hint = 'name it: --function NAME';
  if (only === undefined) {
    const message = `no function receives these records: ${name} calls none`;
    throw new FlowError(exitCodes.notFound, 'FunctionNotFound', message, { hint });
  }
  if (another === undefined) return [only, `what ${name} calls`];
  const message = `several functions may receive these records: ${functions.map(plainName).join(', ')}`;
  throw new FlowError(exitCodes.conflict, 'SeveralFunctions', message, { hint });
}
