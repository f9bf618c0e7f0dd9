import { isObject, type Json, type JsonObject } from '../json/json.js';
import { textOf } from './text-of.js';

/** What a template's functions refer to. */
interface Scope {
  resolve(value: Json | undefined): Json | undefined;
  condition(name: string): boolean;
  /** Undefined in the outer sense: nothing of that name. */
  named(name: string): { value: Json | undefined } | undefined;
  isResource(logicalId: string): boolean;
  attribute(logicalId: string, name: string): Json;
  mappings: JsonObject;
  /** What other stacks export. */
  exported(name: string): Json | undefined;
  region: string;
  /** What stands for a value that the template alone does not tell. */
  guess(what: string): string;
}

/** CloudFormation's intrinsic functions, by the key that calls each. */
export function intrinsicFunctions({
  resolve,
  condition,
  named,
  isResource,
  attribute,
  mappings,
  exported,
  region,
  guess,
}: Scope): Record<string, (operand: Json) => Json | undefined> {
  const list = (value: Json | undefined): Json[] => {
    const resolved = resolve(value);
    return Array.isArray(resolved) ? resolved : resolved === undefined ? [] : [resolved];
  };
  const text = (value: Json | undefined): string => textOf(resolve(value));

  /** What `${…}` of a Fn::Sub is; unknown names stay as they are, for DefinitionSubstitutions. */
  const substituted = (name: string, own: JsonObject): string | undefined => {
    if (Object.hasOwn(own, name)) return text(own[name]);
    const found = named(name);
    if (found) return textOf(found.value);
    const dot = name.indexOf('.');
    const logicalId = name.slice(0, dot);
    return dot > 0 && isResource(logicalId) ? textOf(attribute(logicalId, name.slice(dot + 1))) : undefined;
  };

  return {
    Ref(name) {
      const found = named(String(name));
      return found ? found.value : guess(String(name));
    },
    'Fn::GetAtt'(operand) {
      const [logicalId = '', ...path] = Array.isArray(operand) ? operand : String(operand).split('.');
      return attribute(String(logicalId), path.map(text).join('.'));
    },
    'Fn::Sub'(operand) {
      const [format, own] = Array.isArray(operand) ? operand : [operand];
      const given = isObject(own) ? own : {};
      return String(format).replace(/\$\{(!?)([^}]*)\}/g, (whole, literal: string, name: string) =>
        literal ? `\${${name}}` : (substituted(name.trim(), given) ?? whole),
      );
    },
    'Fn::Join'(operand) {
      const [separator, items] = Array.isArray(operand) ? operand : [];
      return list(items).map(textOf).join(text(separator));
    },
    'Fn::Split'(operand) {
      const [separator, source] = Array.isArray(operand) ? operand : [];
      return text(source).split(text(separator));
    },
    'Fn::Select'(operand) {
      const [index, items] = Array.isArray(operand) ? operand : [];
      return list(items)[Number(text(index))] ?? guess('Fn::Select');
    },
    'Fn::If'(operand) {
      const [name, yes, no] = Array.isArray(operand) ? operand : [];
      return resolve(condition(String(name)) ? yes : no);
    },
    'Fn::FindInMap'(operand) {
      const [map, first, second, options] = Array.isArray(operand) ? operand : [];
      const found = member(mappings, text(map), text(first), text(second));
      if (found !== undefined) return found;
      const otherwise = isObject(options) ? options.DefaultValue : undefined;
      return otherwise === undefined
        ? guess(`${text(map)}.${text(first)}.${text(second)}`)
        : resolve(otherwise);
    },
    'Fn::ImportValue'(operand) {
      const name = text(operand);
      return exported(name) ?? guess(name);
    },
    'Fn::Base64': (operand) => Buffer.from(text(operand)).toString('base64'),
    'Fn::ToJsonString': (operand) => JSON.stringify(resolve(operand) ?? null),
    'Fn::Length': (operand) => list(operand).length,
    'Fn::GetAZs': () => ['a', 'b', 'c'].map((zone) => region + zone),
  };
}

function member(value: Json, ...path: string[]): Json | undefined {
  let found: Json | undefined = value;
  for (const name of path) found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  return found;
}
