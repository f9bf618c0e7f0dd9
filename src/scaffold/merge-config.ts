import { isObject, type Json, type JsonObject } from '../json/json.js';
import { parseJson } from '../json/text.mjs';
import type { ConfigPlace, Plan, Project } from './project.js';

export const placeOf = ({ config }: Project): ConfigPlace => config ?? { path: 'mbc-flow.json', project: '' };

/** A path of the project, as its config writes it. */
export const inConfig = (project: Project, path: string): string => {
  const { project: folder } = placeOf(project);
  return folder === '' ? `./${path}` : `./${folder}/${path}`;
};

/**
 * Adds to the project's config what it does not say yet: what is there stays as it is.
 * @returns false where it is no JSON object
 */
export async function extendConfig(plan: Plan, project: Project, more: JsonObject): Promise<boolean> {
  const { path, member } = placeOf(project);
  const before = await project.read(path);
  const file = parseObject(before ?? '{}');
  if (!file) return false;
  const own = member ? file[member] : file;
  if (own !== undefined && !isObject(own)) return false;
  const config = merged(own ?? {}, more);
  if (before !== undefined && JSON.stringify(config) === JSON.stringify(own)) return true;
  const whole = member ? { ...file, [member]: config } : config;
  const indent = /\n([ \t]+)"/.exec(before ?? '')?.[1] ?? '  ';
  const newline = before?.includes('\r\n') ? '\r\n' : '\n';
  const after = `${JSON.stringify(whole, null, indent).replaceAll('\n', newline)}${newline}`;
  plan.changes.push({ path, before, after });
  return true;
}

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
