import { isObject, type Json, type JsonObject } from '../json/json.js';
import { parseJson } from '../json/parse.mjs';
import type { ConfigPlace, Plan, Project } from './project.js';

export const placeOf = ({ config }: Project): ConfigPlace => config ?? { path: 'mbc-flow.json', project: '' };

/**
 * Adds to the project's config what it does not say yet: what is there stays as it is. A config above that is another
 * repository's, or that has another application at the same place, is extended by one of the project's own.
 * @param more its paths start from the project's folder
 * @returns false where the config is no JSON object
 */
export async function extendConfig(plan: Plan, project: Project, more: JsonObject): Promise<boolean> {
  const { path, member, project: folder, foreign } = placeOf(project);
  const before = await project.read(path);
  const file = parseObject(before ?? '{}');
  if (!file) return false;
  const own = member ? file[member] : file;
  if (own !== undefined && !isObject(own)) return false;
  const added = folder === '' ? more : moved(more, folder);
  if (folder !== '' && (foreign || isTaken(own ?? {}, added, folder))) {
    const rest = missing(own ?? {}, more, added);
    if (rest) plan.changes.push({ path: 'mbc-flow.json', after: written({ extends: path, ...rest }) });
    return true;
  }
  // Targets are those of the file that it extends: here they would hide them.
  const config = merged(own ?? {}, own?.extends === undefined ? added : { local: localOf(added) });
  if (before !== undefined && JSON.stringify(config) === JSON.stringify(own)) return true;
  plan.changes.push({
    path,
    before,
    after: written(member ? { ...file, [member]: config } : config, before),
  });
  return true;
}

function written(value: JsonObject, before = ''): string {
  const indent = /\n([ \t]+)"/.exec(before)?.[1] ?? '  ';
  const newline = before.includes('\r\n') ? '\r\n' : '\n';
  return `${JSON.stringify(value, null, indent).replaceAll('\n', newline)}${newline}`;
}

/** With its paths from the config's folder. */
function moved(more: JsonObject, folder: string): JsonObject {
  const { functions, machines } = localOf(more);
  const from = (paths: Json | undefined) =>
    isObject(paths) &&
    Object.fromEntries(
      Object.entries(paths).map(([name, path]) => [name, String(path).replace(/^\./, `./${folder}`)]),
    );
  return {
    ...more,
    local: {
      ...(functions && { functions: from(functions) }),
      ...(machines && { machines: from(machines) }),
    },
  } as JsonObject;
}

/** The functions there are all of other applications, or a machine's name is another one's. */
function isTaken(config: JsonObject, added: JsonObject, folder: string): boolean {
  const [theirs, ours] = [localOf(config), localOf(added)];
  const inside = (spec: Json | undefined): boolean => {
    const path = isObject(spec) ? spec.module : spec;
    return typeof path === 'string' && path.replace(/^\.\//, '').startsWith(`${folder}/`);
  };
  const functions = isObject(theirs.functions) ? Object.values(theirs.functions) : [];
  if (ours.functions && functions.length > 0 && !functions.some(inside)) return true;
  const machines = isObject(theirs.machines) ? theirs.machines : {};
  return Object.keys(isObject(ours.machines) ? ours.machines : {}).some(
    (name) => machines[name] !== undefined && !inside(machines[name]),
  );
}

/** Of what is to be added, what the config above does not say; undefined where it says all of it. */
function missing(config: JsonObject, more: JsonObject, added: JsonObject): JsonObject | undefined {
  const known = localOf(config);
  const { local: _, ...others } = more;
  const said = localOf(added);
  const local = Object.fromEntries(
    Object.entries(localOf(more)).filter(([key]) => JSON.stringify(known[key]) !== JSON.stringify(said[key])),
  );
  const rest = Object.fromEntries(Object.entries(others).filter(([key]) => config[key] === undefined));
  const all = { ...rest, ...(Object.keys(local).length > 0 && { local }) };
  return Object.keys(all).length > 0 ? all : undefined;
}

const localOf = ({ local }: JsonObject): JsonObject => (isObject(local) ? local : {});

/** Both, where `first` decides: objects member by member, but a target or the functions only as a whole. */
function merged(first: JsonObject, second: JsonObject, depth = 0): JsonObject {
  const result: JsonObject = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const known = result[key];
    if (known === undefined) result[key] = value;
    else if (isObject(known) && isObject(value) && (depth === 0 || key === 'machines'))
      result[key] = merged(known, value, depth + 1);
  }
  return result;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text) as Json;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
