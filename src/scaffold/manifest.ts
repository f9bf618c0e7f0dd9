import { isObject, type JsonObject } from '../json/json.js';
import { parseJson } from '../json/text.mjs';
import type { Plan, Project } from './project.js';

const kinds = ['dependencies', 'devDependencies'];

const dependsOn = (manifest: JsonObject | undefined, name: string): boolean =>
  kinds.some((kind) => {
    const named = manifest?.[kind];
    return isObject(named) && Object.hasOwn(named, name);
  });

/** What the project's tests run in. The framework's applications come with jest. */
export async function testRunner(project: Project): Promise<'jest' | 'vitest'> {
  const { manifest } = await read(project);
  return dependsOn(manifest, 'vitest') && !dependsOn(manifest, 'jest') ? 'vitest' : 'jest';
}

/** The tests that were made call `mbc-flow/testing`. */
export async function dependOnUs(plan: Plan, project: Project): Promise<void> {
  const path = 'package.json';
  const { text, manifest } = await read(project);
  const { dependencyOnUs = '*' } = project;
  if (text === undefined || !manifest || dependsOn(manifest, 'mbc-flow') || manifest.name === 'mbc-flow')
    return;
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

async function read(project: Project): Promise<{ text?: string; manifest?: JsonObject }> {
  const text = await project.read('package.json');
  try {
    const manifest: unknown = text === undefined ? undefined : parseJson(text);
    return { text, manifest: isObject(manifest as JsonObject) ? (manifest as JsonObject) : undefined };
  } catch {
    return { text };
  }
}
