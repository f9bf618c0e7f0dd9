import { isObject, type Json, type JsonObject } from '../json/json.js';
import { createResourceValues, type Place, type Resource } from './resources.js';

export interface TemplateEnvironment extends Place {
  /** Values of the template's parameters, over their defaults. */
  parameters?: Record<string, string>;
  /** What other stacks export, for `Fn::ImportValue`. */
  exports?: Record<string, Json>;
}

export interface Resolver {
  /** With all intrinsic functions called. Undefined: `AWS::NoValue`. */
  resolve(value: Json | undefined): Json | undefined;
  condition(name: string): boolean;
  /** Those whose condition holds. */
  resources: Resource[];
  name(resource: Resource): string;
  arn(resource: Resource): string;
  /** What could only be guessed, as the template names it; each stands in the result under its own name. */
  unresolved: Set<string>;
}

/** Gives a template's values what CloudFormation would, as far as that follows from the template alone. */
export function createResolver(template: JsonObject, environment: TemplateEnvironment): Resolver {
  const { parameters = {}, exports = {}, ...place } = environment;
  const unresolved = new Set<string>();
  /** Conditions and names under way: one that leads back to itself is left as it is. */
  const underWay = new Set<string>();

  const section = (name: string): JsonObject => {
    const found = template[name];
    return isObject(found) ? found : {};
  };

  const guess = (what: string): string => {
    unresolved.add(what);
    return what;
  };

  const resolve = (value: Json | undefined): Json | undefined => {
    if (Array.isArray(value)) return value.map(resolve).filter((item) => item !== undefined);
    if (!isObject(value)) return value;
    const [key = '', ...others] = Object.keys(value);
    if (others.length === 0) {
      const call = Object.hasOwn(functions, key) ? functions[key] : undefined;
      if (call) return call(value[key] ?? null);
    }
    const entries = Object.entries(value).map(([name, member]) => [name, resolve(member)] as const);
    return Object.fromEntries(
      entries.filter((entry): entry is [string, Json] => entry[1] !== undefined),
    ) as JsonObject;
  };

  const list = (value: Json | undefined): Json[] => {
    const resolved = resolve(value);
    return Array.isArray(resolved) ? resolved : resolved === undefined ? [] : [resolved];
  };
  const text = (value: Json | undefined): string => textOf(resolve(value));

  const once = <T>(key: string, otherwise: T, run: () => T): T => {
    if (underWay.has(key)) return otherwise;
    underWay.add(key);
    try {
      return run();
    } finally {
      underWay.delete(key);
    }
  };

  const condition = (name: string): boolean =>
    once(`condition ${name}`, false, () => holds(section('Conditions')[name]));

  const holds = (value: Json | undefined): boolean => {
    const [key = '', operand] = Object.entries(isObject(value) ? value : {})[0] ?? [];
    const operands = Array.isArray(operand) ? operand : [];
    switch (key) {
      case 'Condition':
        return condition(String(operand));
      case 'Fn::And':
        return operands.every(holds);
      case 'Fn::Or':
        return operands.some(holds);
      case 'Fn::Not':
        return !holds(operands[0]);
      case 'Fn::Equals':
        return text(operands[0]) === text(operands[1]);
      default:
        return textOf(value) === 'true';
    }
  };

  const resourceOf = (logicalId: string): Resource | undefined => {
    const found = section('Resources')[logicalId];
    if (!isObject(found) || typeof found.Type !== 'string') return undefined;
    return { logicalId, type: found.Type, properties: isObject(found.Properties) ? found.Properties : {} };
  };
  const values = createResourceValues(place, resolve);

  const pseudo: Record<string, Json | undefined> = {
    'AWS::AccountId': place.account,
    'AWS::Region': place.region,
    'AWS::Partition': place.partition,
    'AWS::StackName': place.stackName,
    'AWS::StackId': `arn:${place.partition}:cloudformation:${place.region}:${place.account}:stack/${place.stackName}/local`,
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::NotificationARNs': [],
    'AWS::NoValue': undefined,
  };

  /** Undefined in the outer sense: nothing of that name. */
  const named = (name: string): { value: Json | undefined } | undefined => {
    if (Object.hasOwn(pseudo, name)) return { value: pseudo[name] };
    const parameter = section('Parameters')[name];
    if (isObject(parameter)) return { value: parameterValue(name, parameter) };
    const resource = resourceOf(name);
    return resource && { value: once(`resource ${name}`, name, () => values.ref(resource)) };
  };

  const parameterValue = (name: string, { Type, Default }: JsonObject): Json => {
    const value = parameters[name] ?? Default ?? guess(name);
    const isList = typeof Type === 'string' && /List/.test(Type);
    return isList && typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
  };

  const attribute = (logicalId: string, name: string): Json => {
    const resource = resourceOf(logicalId);
    const found =
      resource && once(`resource ${logicalId}`, logicalId, () => values.attribute(resource, name));
    return found ?? guess(`${logicalId}.${name}`);
  };

  /** What `${…}` of a Fn::Sub is; unknown names stay as they are, for DefinitionSubstitutions. */
  const substituted = (name: string, own: JsonObject): string | undefined => {
    if (Object.hasOwn(own, name)) return text(own[name]);
    const found = named(name);
    if (found) return textOf(found.value);
    const dot = name.indexOf('.');
    const logicalId = name.slice(0, dot);
    return dot > 0 && resourceOf(logicalId) ? textOf(attribute(logicalId, name.slice(dot + 1))) : undefined;
  };

  const functions: Record<string, (operand: Json) => Json | undefined> = {
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
      const found = member(section('Mappings'), text(map), text(first), text(second));
      if (found !== undefined) return found;
      const otherwise = isObject(options) ? options.DefaultValue : undefined;
      return otherwise === undefined
        ? guess(`${text(map)}.${text(first)}.${text(second)}`)
        : resolve(otherwise);
    },
    'Fn::ImportValue'(operand) {
      const name = text(operand);
      return exports[name] ?? guess(name);
    },
    'Fn::Base64': (operand) => Buffer.from(text(operand)).toString('base64'),
    'Fn::ToJsonString': (operand) => JSON.stringify(resolve(operand) ?? null),
    'Fn::Length': (operand) => list(operand).length,
    'Fn::GetAZs': () => ['a', 'b', 'c'].map((zone) => place.region + zone),
  };

  const resources = Object.entries(section('Resources')).flatMap(([logicalId, declared]) => {
    const found = resourceOf(logicalId);
    const wanted = isObject(declared) ? declared.Condition : undefined;
    return found && (typeof wanted !== 'string' || condition(wanted)) ? [found] : [];
  });
  return { resolve, condition, resources, name: values.name, arn: values.arn, unresolved };
}

function member(value: Json, ...path: string[]): Json | undefined {
  let found: Json | undefined = value;
  for (const name of path) found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  return found;
}

/** How CloudFormation puts a value into a text. */
function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(textOf).join(',');
  return isObject(value) ? JSON.stringify(value) : String(value);
}
