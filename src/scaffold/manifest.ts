import { isObject, type JsonObject } from '../json/json.js';
import { parseJson } from '../json/parse.mjs';
import type { Plan, Project } from './project.js';

const kinds = ['dependencies', 'devDependencies'];

/** The version that is asked for. */
function versionOf(manifest: JsonObject | undefined, name: string): string | undefined {
  for (const kind of kinds) {
    const named = manifest?.[kind];
    if (isObject(named) && Object.hasOwn(named, name)) return String(named[name]);
  }
  return undefined;
}

const dependsOn = (manifest: JsonObject | undefined, name: string): boolean =>
  versionOf(manifest, name) !== undefined;

export interface TestRunner {
  name: 'jest' | 'vitest';
  /** It drops the types by which Nest injects. */
  dropsTypes: boolean;
}

/** What the project's tests run in, by its own package.json or its workspace's. The framework's applications come with jest. */
export async function testRunner(project: Project): Promise<TestRunner> {
  const manifests = await manifestsOf(project);
  const scripts = isObject(manifests[0]?.scripts) ? manifests[0].scripts : {};
  const [, scripted] = /\b(jest|vitest)\b/.exec(String(scripts.test ?? '')) ?? [];
  const own = manifests.find((one) => dependsOn(one, 'jest') || dependsOn(one, 'vitest'));
  const name = (scripted ?? (own && !dependsOn(own, 'jest') ? 'vitest' : 'jest')) as TestRunner['name'];
  const found = (wanted: string): string | undefined =>
    manifests.map((one) => versionOf(one, wanted)).find((version) => version !== undefined);
  const [major = '4'] = /\d+/.exec(found('vitest') ?? '') ?? [];
  return { name, dropsTypes: name === 'vitest' && Number(major) < 4 && found('unplugin-swc') === undefined };
}

/** The tests that were made call `mbc-flow/testing`. */
export async function dependOnUs(plan: Plan, project: Project): Promise<void> {
  const path = 'package.json';
  const { text, manifest } = await read(project);
  const { dependencyOnUs = '*' } = project;
  if (text === undefined || !manifest || manifest.name === 'mbc-flow') return;
  if ((await manifestsOf(project)).some((one) => dependsOn(one, 'mbc-flow'))) return;
  const known = isObject(manifest.devDependencies) ? Object.entries(manifest.devDependencies) : [];
  const sorted = [...known, ['mbc-flow', dependencyOnUs] as const].sort(([a], [b]) => (a < b ? -1 : 1));
  const whole = { ...manifest, devDependencies: Object.fromEntries(sorted) };
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const after = `${JSON.stringify(whole, null, indent).replaceAll('\n', newline)}${newline}`;
  const pending = plan.changes.find((one) => one.path === path);
  if (pending) pending.after = after;
  else plan.changes.push({ path, before: text, after });
}

/** Its own, and its workspace's. */
async function manifestsOf(project: Project): Promise<(JsonObject | undefined)[]> {
  const { workspace } = project;
  const [own, above] = [await read(project), workspace === undefined ? {} : await read(project, workspace)];
  return [own.manifest, above.manifest];
}

async function read(
  project: Project,
  path = 'package.json',
): Promise<{ text?: string; manifest?: JsonObject }> {
  const text = await project.read(path);
  try {
    const manifest: unknown = text === undefined ? undefined : parseJson(text);
    return { text, manifest: isObject(manifest as JsonObject) ? (manifest as JsonObject) : undefined };
  } catch {
    return { text };
  }
}
