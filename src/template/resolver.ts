import { isObject, type Json, type JsonObject } from '../json/json.js';
import { createUnderWay } from './circular-references.js';
import { conditionsOf } from './conditions.js';
import { intrinsicFunctions } from './functions.js';
import { namedValues } from './named-values.js';
import type { Place, Resource } from './resources.js';

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
  const guess = (what: string): string => {
    unresolved.add(what);
    return what;
  };
  const section = (name: string): JsonObject => {
    const found = template[name];
    return isObject(found) ? found : {};
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

  const underWay = createUnderWay();
  const condition = conditionsOf(section('Conditions'), resolve, underWay);
  const { named, attribute, resourceOf, name, arn } = namedValues({
    parameters: section('Parameters'),
    resources: section('Resources'),
    place,
    given: parameters,
    resolve,
    guess,
    underWay,
  });
  const functions = intrinsicFunctions({
    resolve,
    condition,
    named,
    isResource: (logicalId) => resourceOf(logicalId) !== undefined,
    attribute,
    mappings: section('Mappings'),
    exported: (name) => exports[name],
    region: place.region,
    guess,
  });
  const resources = Object.entries(section('Resources')).flatMap(([logicalId, declared]) => {
    const found = resourceOf(logicalId);
    const wanted = isObject(declared) ? declared.Condition : undefined;
    return found && (typeof wanted !== 'string' || condition(wanted)) ? [found] : [];
  });
  return { resolve, condition, resources, name, arn, unresolved };
}
