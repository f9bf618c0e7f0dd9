import { isObject, type Json, type JsonObject } from '../json/json.js';
import type { UnderWay } from './circular-references.js';
import { createResourceValues, type Place, type Resource } from './resources.js';

interface Names {
  /** The template's sections. */
  parameters: JsonObject;
  resources: JsonObject;
  place: Place;
  /** Values of parameters, over their defaults. */
  given: Record<string, string>;
  resolve(value: Json | undefined): Json | undefined;
  guess(what: string): string;
  underWay: UnderWay;
}

/** What the names of a template stand for: pseudo parameters, parameters, resources and their attributes. */
export function namedValues({ parameters, resources, place, given, resolve, guess, underWay }: Names) {
  const { once } = underWay;
  const resourceOf = (logicalId: string): Resource | undefined => {
    const found = resources[logicalId];
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
    const parameter = parameters[name];
    if (isObject(parameter)) return { value: parameterValue(name, parameter) };
    const resource = resourceOf(name);
    return resource && { value: once(`resource ${name}`, name, () => values.ref(resource)) };
  };

  const parameterValue = (name: string, { Type, Default }: JsonObject): Json => {
    const value = given[name] ?? Default ?? guess(name);
    const isList = typeof Type === 'string' && /List/.test(Type);
    return isList && typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
  };

  const attribute = (logicalId: string, name: string): Json => {
    const resource = resourceOf(logicalId);
    const found =
      resource && once(`resource ${logicalId}`, logicalId, () => values.attribute(resource, name));
    return found ?? guess(`${logicalId}.${name}`);
  };
  return { named, attribute, resourceOf, name: values.name, arn: values.arn };
}
