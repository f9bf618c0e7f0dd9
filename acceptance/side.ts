import type { Json } from '../src/json/json.js';
import { type Clients, type Missing, MissingOperation } from './clients.js';
import type { Made, Note, Place } from './journal.js';
import { tagKey } from './take-down.js';

/** One of the two places where everything is run. */
export interface Side {
  /** Where it is, as mbc-flow.json has it. */
  target: { endpointUrl?: string; profile?: string; region: string };
  clients: Clients;
  missing: Missing;
  place: Place;
  roleArn: string;
  functionRoleArn: string;
  prefix: string;
  /** What all names of this run begin with. */
  name: string;
  /** What the names of functions begin with: those of the run, or those that are there whatever runs. */
  functions: string;
  /** Before something is made. */
  note(note: Note): void;
  /** What there is to run cases with: `function`, `bucket`, `child`, `logs`. */
  has: Set<string>;
  /** Once the run is to end, no further call is begun. */
  signal: AbortSignal;
}

/** @throws MissingOperation, and what the call throws */
export async function call<T>(side: Side, operation: string, send: () => Promise<T>): Promise<T> {
  side.signal.throwIfAborted();
  return await side.missing.call(operation, send);
}

/** What makes something: noted before it does. */
export async function make<T>(side: Side, made: Made, operation: string, send: () => Promise<T>): Promise<T> {
  side.signal.throwIfAborted();
  side.note(made);
  try {
    return await call(side, operation, send);
  } catch (error) {
    if (error instanceof MissingOperation) side.note({ ...made, made: false });
    throw error;
  }
}

export const machineArn = ({ place, name }: Side, id: string): string =>
  `arn:aws:states:${place.region}:${place.account}:stateMachine:${name}-${id}`;

export const functionArn = ({ place, functions }: Side, functionName: string): string =>
  `arn:aws:lambda:${place.region}:${place.account}:function:${functions}-${functionName}`;

export const bucketOf = ({ name }: Side): string => `${name}-data`;

export const tagsOf = ({ prefix }: Side) => ({ [tagKey]: prefix });
export const tagList = (side: Side) => Object.entries(tagsOf(side)).map(([key, value]) => ({ key, value }));

/** A case's text with the names that this side has for things. */
export function filled<T extends Json>(side: Side, value: T, more: Record<string, string> = {}): T {
  const names: Record<string, string> = {
    bucket: bucketOf(side),
    role: side.roleArn,
    name: side.name,
    child: machineArn(side, 'child'),
    account: side.place.account,
    region: side.place.region,
    ...more,
  };
  return fill(value, (text) =>
    text
      .replace(/\{function:(\w+)\}/g, (_, name: string) => functionArn(side, name))
      .replace(/\{(\w+)\}/g, (whole, name: string) => names[name] ?? whole),
  ) as T;
}

function fill(value: Json, text: (given: string) => string): Json {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((item) => fill(item, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fill(member, text)]));
}
