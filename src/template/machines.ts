import { isObject, type Json, type JsonObject } from '../json/json.js';
import { parseJsonOrYaml } from './parse.js';
import { createResolver, type Resolver, type TemplateEnvironment } from './resolver.js';
import type { Resource } from './resources.js';

/** A state machine of a template, resolved. */
export interface TemplateMachine {
  logicalId: string;
  name: string;
  type: 'STANDARD' | 'EXPRESS';
  roleArn: string;
  definition:
    | { text: string }
    /** Where it may lie, from the template's folder, likeliest first; what is there goes through `finished`. */
    | { files: string[] };
  /** `DefinitionSubstitutions`; already applied to `text`. */
  substitutions: Record<string, string>;
  /** As CreateStateMachine takes it. */
  loggingConfiguration?: JsonObject;
  /** Names in the definition whose value only AWS knows. */
  unresolved: string[];
}

export interface ResolvedTemplate {
  machines: TemplateMachine[];
  /** Logical id -> name of each Lambda function. */
  functions: Record<string, string>;
  /** What the stack exports to others. */
  exports: Record<string, Json>;
}

/** The state machines of a CloudFormation, CDK or SAM template. */
export function resolveTemplate(template: JsonObject, environment: TemplateEnvironment): ResolvedTemplate {
  const resolver = createResolver(template, environment);
  const ofType = (type: RegExp): Resource[] =>
    resolver.resources.filter((resource) => type.test(resource.type));
  return {
    machines: ofType(/^AWS::(StepFunctions|Serverless)::StateMachine$/).map((resource) =>
      machine(resource, resolver, environment),
    ),
    functions: Object.fromEntries(
      ofType(/^AWS::(Lambda|Serverless)::Function$/).map((found) => [found.logicalId, resolver.name(found)]),
    ),
    exports: exportsOf(template, resolver),
  };
}

/** The definition in a file that a template names: its YAML made JSON, the substitutions applied. */
export async function finished(machine: TemplateMachine, text: string): Promise<string> {
  const substituted = substitute(text, machine.substitutions);
  return /^\s*\{/.test(substituted)
    ? substituted
    : JSON.stringify(await parseJsonOrYaml(substituted), null, 2);
}

function machine(resource: Resource, resolver: Resolver, environment: TemplateEnvironment): TemplateMachine {
  resolver.unresolved.clear();
  const resolved = resolver.resolve(resource.properties);
  const properties = isObject(resolved) ? resolved : {};
  const substitutions = Object.fromEntries(
    Object.entries(object(properties.DefinitionSubstitutions)).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  const role = properties.RoleArn ?? properties.Role;
  return {
    logicalId: resource.logicalId,
    // As CloudFormation does with names that it makes up.
    name: resolver.name(resource).slice(0, 80),
    type: (properties.StateMachineType ?? properties.Type) === 'EXPRESS' ? 'EXPRESS' : 'STANDARD',
    roleArn:
      typeof role === 'string' && role.startsWith('arn:')
        ? role
        : `arn:${environment.partition}:iam::${environment.account}:role/${resource.logicalId}Role`,
    definition: definition(properties, substitutions),
    substitutions,
    loggingConfiguration: logging(properties.LoggingConfiguration ?? properties.Logging),
    unresolved: [...resolver.unresolved],
  };
}

function definition(
  properties: JsonObject,
  substitutions: Record<string, string>,
): TemplateMachine['definition'] {
  const { Definition, DefinitionString, DefinitionS3Location, DefinitionUri } = properties;
  if (DefinitionString !== undefined) return { text: substitute(asText(DefinitionString), substitutions) };
  if (Definition !== undefined) return { text: substitute(asText(Definition), substitutions) };
  const location = DefinitionS3Location ?? DefinitionUri ?? '';
  const key = asText(isObject(location) ? (location.Key ?? '') : location).replace(/^s3:\/\/[^/]*\//, '');
  // An asset of the CDK's has its object's key after `asset.`.
  return { files: [key, `asset.${key}`] };
}

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

const substitute = (text: string, substitutions: Record<string, string>): string =>
  text.replace(/\$\{([^}]*)\}/g, (whole, name: string) =>
    Object.hasOwn(substitutions, name) ? (substitutions[name] ?? '') : whole,
  );

/** CloudFormation begins the same members with capitals. */
function logging(configuration: Json | undefined): JsonObject | undefined {
  if (!isObject(configuration)) return undefined;
  return lowerFirst(configuration) as JsonObject;
}

function lowerFirst(value: Json): Json {
  if (Array.isArray(value)) return value.map(lowerFirst);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      lowerFirst(member),
    ]),
  );
}

function exportsOf(template: JsonObject, resolver: Resolver): Record<string, Json> {
  const outputs = Object.values(object(template.Outputs)).flatMap((output) => {
    const { Export, Value, Condition } = object(output);
    if (typeof Condition === 'string' && !resolver.condition(Condition)) return [];
    const name = resolver.resolve(object(Export).Name);
    const value = resolver.resolve(Value);
    return typeof name === 'string' && value !== undefined ? [[name, value] as const] : [];
  });
  return Object.fromEntries(outputs);
}

const object = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
