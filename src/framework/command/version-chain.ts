import { isObject, type Json, parsedJson } from '../../json/json.js';

/** Which version of which entity a command execution brings through: from the stream record that is its input. */
export interface CommandVersion {
  table: string;
  pk: string;
  /** Without the version. */
  sk: string;
  version: number;
}

/** Undefined where the input (JSON text) is no DynamoDB stream record of a versioned command. */
export function commandVersion(input: string | undefined): CommandVersion | undefined {
  const record = input?.includes('NewImage') ? parsedJson(input) : undefined;
  const stream = isObject(record) && isObject(record.dynamodb) ? record.dynamodb : undefined;
  const image = stream && isObject(stream.NewImage) ? stream.NewImage : undefined;
  if (!image) return undefined;
  const [sk = '', suffix] = text(image.sk, 'S').split('@');
  const version = Number(text(image.version, 'N') || suffix);
  const pk = text(image.pk, 'S');
  if (pk === '' || sk === '' || !Number.isInteger(version)) return undefined;
  const source = isObject(record) ? String(record.eventSourceARN ?? record.source ?? '') : '';
  return { table: /table\/([^/]+)/.exec(source)?.[1] ?? '', pk, sk, version };
}

export const entityKey = ({ table, pk, sk }: CommandVersion): string => [table, pk, sk].join(' ');
export const entityLabel = ({ pk, sk }: CommandVersion): string => `${pk}/${sk}`;

/** True where `name` is how a person would call the entity: `pk/sk`, with or without the table, or its sk alone. */
export const isCalled = ({ table, pk, sk }: CommandVersion, name: string): boolean =>
  [`${pk}/${sk}`, `${table}/${pk}/${sk}`, `${table} ${pk} ${sk}`, sk].includes(name);

/** A running execution of a command. `waits`: it is paused until its predecessor wakes it. */
export interface RunningVersion<T> {
  command: CommandVersion;
  waits: boolean;
  of: T;
}

/** Versions that wait in vain: none that could wake the first of them is at work. */
export interface StuckChain<T> {
  command: CommandVersion;
  /** Oldest first; the first is what blocks the others. */
  versions: RunningVersion<T>[];
}

/**
 * Chains that are stuck, by entity: numbers compare versions (`@9` comes before `@35`). A version whose predecessor is at
 * work is only waiting its turn.
 */
export function stuckChains<T>(running: RunningVersion<T>[]): StuckChain<T>[] {
  const entities = new Map<string, RunningVersion<T>[]>();
  for (const one of running) {
    const key = entityKey(one.command);
    entities.set(key, [...(entities.get(key) ?? []), one]);
  }
  return [...entities.values()].flatMap(chainsOf);
}

function chainsOf<T>(entity: RunningVersion<T>[]): StuckChain<T>[] {
  const sorted = entity.toSorted((a, b) => a.command.version - b.command.version);
  const chains: StuckChain<T>[] = [];
  const stuck = new Map<number, StuckChain<T>>();
  for (const one of sorted) {
    const { version } = one.command;
    if (!one.waits) continue;
    const before = sorted.filter(({ command }) => command.version === version - 1);
    const chain = stuck.get(version - 1);
    if (before.some(({ waits }) => !waits) || (before.length > 0 && !chain)) continue;
    const own = chain ?? stuck.get(version) ?? { command: one.command, versions: [] };
    if (own.versions.length === 0) chains.push(own);
    own.versions.push(one);
    stuck.set(version, own);
  }
  return chains;
}

/**
 * How the framework would have begun the name of the version before: names carry module, key and version
 * (`sample-SAMPLE-t1-A001-v2-1736856357881`). Undefined for a name of another form.
 */
export function predecessorPrefix(executionName: string, { version }: CommandVersion): string | undefined {
  const at = executionName.lastIndexOf(`-v${version}-`);
  return at < 0 ? undefined : `${executionName.slice(0, at)}-v${version - 1}-`;
}

function text(value: Json | undefined, type: 'S' | 'N'): string {
  const inner = isObject(value) ? value[type] : value;
  return typeof inner === 'string' || typeof inner === 'number' ? String(inner) : '';
}
