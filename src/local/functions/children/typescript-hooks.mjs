// @ts-check
// Node's hooks for ES modules in TypeScript; they run on a thread of their own.

import { pathToFileURL } from 'node:url';
import { createTypeScript, formatOf, isTypeScript, pathOf } from './typescript.mjs';

/** @type {ReturnType<typeof createTypeScript>} */
let typescript;

/** @param {{ entry: string, port: import('node:worker_threads').MessagePort }} data */
export function initialize({ entry, port }) {
  typescript = createTypeScript(entry, (file) => port.postMessage(file));
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  const from = pathOf(context.parentURL ?? '');
  const name = pathOf(specifier) ?? specifier;
  const file = from && typescript.find(name, from);
  if (!file) return await next(specifier, context);
  const url = pathToFileURL(file).href;
  return isTypeScript(file) ? { url, format: formatOf(file), shortCircuit: true } : await next(url, context);
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  const file = pathOf(url);
  if (!file || !isTypeScript(file)) return await next(url, context);
  const format = formatOf(file);
  return { format, source: typescript.compile(file, format), shortCircuit: true };
}
