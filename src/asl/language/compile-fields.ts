import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { numberIn } from '../../json/lossless.js';
import { type Path, parsePath } from '../data/json-path.js';
import { compileQueries, compileTemplate, type Template } from '../data/payload-template.js';
import type { QueryLanguage, QueryTemplate, Setting } from './machine.js';

/** How the fields of a state are read in its query language; `location` is what an error calls the field. */
export interface Fields {
  language: QueryLanguage;
  template(json: Json | undefined, location: string): Template | undefined;
  /** A `{% … %}`, which only JSONata has. */
  query(json: Json | undefined, location: string): QueryTemplate | undefined;
  /** `field` or, in JSONPath, its sibling `fieldPath`. */
  setting(holder: JsonObject, field: string, holderLocation?: string): Setting;
}

const jsonPath: Fields = {
  language: 'JSONPath',
  template: (json) => (json === undefined ? undefined : compileTemplate(json)),
  query: () => undefined,
  setting: (holder, field) => number(holder[field]) ?? path(holder[`${field}Path`]),
};

const jsonata: Fields = {
  language: 'JSONata',
  template: (json, location) => (json === undefined ? undefined : compileQueries(json, location)),
  query(json, location) {
    const template = this.template(json, location);
    return template?.kind === 'query' ? template : undefined;
  },
  setting: (holder, field, holderLocation) =>
    number(holder[field]) ??
    jsonata.query(holder[field], holderLocation ? `${holderLocation}/${field}` : field),
};

export const fieldsOf = (language: QueryLanguage): Fields => (language === 'JSONata' ? jsonata : jsonPath);

export function queryLanguage(holder: JsonObject, otherwise: QueryLanguage): QueryLanguage {
  const language = holder.QueryLanguage;
  return language === 'JSONata' || language === 'JSONPath' ? language : otherwise;
}

export const list = (json: Json | undefined): Json[] => (Array.isArray(json) ? json : []);
export const object = (json: Json | undefined): JsonObject => (isObject(json) ? json : {});
export const text = (json: Json | undefined): string => (typeof json === 'string' ? json : '');
export const optionalText = (json: Json | undefined): string | undefined =>
  typeof json === 'string' ? json : undefined;
export const number: (json: Json | undefined) => number | undefined = numberIn;
export const path = (json: Json | undefined): Path | undefined =>
  typeof json === 'string' ? parsePath(json) : undefined;
export const nullablePath = (json: Json | undefined): Path | null | undefined =>
  json === null ? null : path(json);
