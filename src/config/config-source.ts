import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { duplicateName } from '../json/duplicate-names.js';
import { isObject, type Json } from '../json/json.js';
import { jsonErrorOffset, parseJsonSource, positionOf } from '../json/json-positions.js';
import { jsonFault, parseJson } from '../json/parse.mjs';
import type { MemberPath } from '../json/schema.js';
import { badConfig } from './bad-config.js';

/** One file that holds a config: an mbc-flow.json, or a package.json with it under `"mbc-flow"`. */
export interface ConfigSource {
  /** Path on disk. */
  file: string;
  /** As messages name it. */
  label: string;
  /** Folder that its paths start from. */
  folder: string;
  /** Undefined: this package.json has no config. */
  value: Json | undefined;
  /** `file:line:column` of a member of the config. */
  placeOf(path: MemberPath): string;
}

/** @throws FlowError 2 with the place where the text is not JSON; node's own error where it can't be read */
export function readConfigSource(file: string): ConfigSource {
  const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  const value = parsed(text, file);
  const inPackage = basename(file) === 'package.json';
  // The rest of a package.json is npm's.
  const twice = inPackage ? undefined : duplicateName(text, value);
  if (twice) throw badConfig(placeIn(file, text, twice.start), twice.message);
  return {
    file,
    label: inPackage ? `${file} ("mbc-flow")` : file,
    folder: dirname(file),
    value: inPackage ? (isObject(value) ? value['mbc-flow'] : undefined) : value,
    placeOf(path) {
      let node = parseJsonSource(text).root;
      for (const step of inPackage ? ['mbc-flow', ...path] : path) node = node.members?.get(step) ?? node;
      return placeIn(file, text, node.start);
    },
  };
}

function parsed(text: string, file: string): Json {
  try {
    return parseJson(text) as Json;
  } catch (error) {
    throw badConfig(placeIn(file, text, jsonErrorOffset(text) ?? 0), `this ${jsonFault(text)}`, error);
  }
}

function placeIn(file: string, text: string, offset: number): string {
  const { line, column } = positionOf(text, offset);
  return `${file}:${line}:${column}`;
}
