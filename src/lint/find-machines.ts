import type { Place } from '../asl/validate/diagnostic.js';
import { isObject, type Json, type JsonObject } from '../json/json.js';
import { JsonSyntaxError, parseJsonSource, type SourceNode } from '../json/json-positions.js';
import { createResolver, type Resolver } from '../template/resolver.js';
import type { Resource } from '../template/resources.js';
import { functionIds } from '../template/serverless.js';
import { deploymentOf } from './deployment.js';
import { type Embedded, embeddedText } from './embedded.js';
import type { LintMachine } from './machine.js';
import { nodeAt, readSource, type Source, startOf } from './parsed-source.js';
import { filled } from './placeholders.js';
import { UnreadableSource } from './unreadable.js';

export interface FindOptions {
  /** Of a definition that does not say it itself. */
  type?: LintMachine['type'];
  /** Of a machine that is deployed. */
  name?: string;
  deployment?: LintMachine['deployment'];
  framework: boolean;
  /** Of the framework, as the project has it: `0.1.48-beta.0`. */
  frameworkVersion?: string;
  /** In the project, something lets the function answer waiting states. */
  answersGranted?: boolean;
  /** Whether the application's event factory knows a machine; absent where there is no application. */
  routes?(machine: string): boolean;
  /** Those of the offsets (of names of types in this file) at which the project's own compiler knows none. */
  unknownTypes?(offsets: number[]): Promise<Set<number>>;
  /** A file that a template names, by its path from the template's folder; undefined where it is not there. */
  read(path: string): Promise<string | undefined>;
}

/** A machine, the file it stands in, and (where it stands there as data) the place in that file. */
export interface FoundMachine {
  machine: LintMachine;
  source: Source;
  prefix?: Place;
  /** What the file calls it: its logical id in a template, its key in a serverless.yml. */
  id?: string;
}

/** Every state machine of a file: an ASL document, a CloudFormation, CDK or SAM template, a serverless.yml. */
export async function machinesIn(source: Source, options: FindOptions): Promise<FoundMachine[]> {
  const { value } = source;
  if (isObject(value) && value.States === undefined) {
    if (isObject(value.Resources)) return await inTemplate(source, value, options);
    const declared = isObject(value.stepFunctions) ? value.stepFunctions.stateMachines : undefined;
    if (isObject(declared)) return inServerless(source, value, declared, options);
    if (value.StartAt === undefined && isTemplate(value)) return [];
  }
  return [inPlace(source, [], value, {}, options)];
}

/** A template or a serverless.yml that has no state machine. */
const isTemplate = (value: JsonObject): boolean =>
  [
    'AWSTemplateFormatVersion',
    'Transform',
    'Outputs',
    'Parameters',
    'Conditions',
    'provider',
    'service',
  ].some((key) => value[key] !== undefined);

const ENVIRONMENT = {
  partition: 'aws',
  region: 'ap-northeast-1',
  account: '123456789012',
  stackName: 'stack',
};

/** `order` of `infra/order.asl.json`; other files say nothing by their names. */
const stemOf = (file: string): string | undefined => /([^/\\]+)\.asl\.(?:json|ya?ml)$/.exec(file)?.[1];

type About = Partial<Pick<LintMachine, 'name' | 'type' | 'deployment'>>;

/** A definition that stands in the file as data. `definition`: with its intrinsic functions resolved. */
function inPlace(
  source: Source,
  prefix: Place,
  definition: Json,
  about: About,
  options: FindOptions,
  substitutions: Record<string, string> = {},
): FoundMachine {
  const written = prefix.reduce<Json | undefined>(
    (node, step) => (isObject(node) ? node[step] : undefined),
    source.value,
  );
  const complete = filled(definition, substitutions);
  const machine: LintMachine = {
    name: options.name,
    deployment: options.deployment,
    type: options.type ?? 'STANDARD',
    ...about,
    framework: options.framework,
    stem: stemOf(source.file),
    routes: options.routes,
    definition: isObject(complete) ? complete : {},
    written: written ?? definition,
    offsetOf: (place) => startOf(nodeAt(source.root, [...prefix, ...place]).node),
  };
  return { machine, source, prefix };
}

function inServerless(
  source: Source,
  file: JsonObject,
  declared: JsonObject,
  options: FindOptions,
): FoundMachine[] {
  const others = isObject(file.resources) ? file.resources : {};
  const own = isObject(others.Resources) ? others.Resources : {};
  const resolver = createResolver({ ...others, Resources: { ...lambdasOf(file), ...own } }, ENVIRONMENT);
  return Object.entries(declared).flatMap(([key, entry]) => {
    if (!isObject(entry) || !isObject(entry.definition)) return [];
    const place = ['stepFunctions', 'stateMachines', key, 'definition'];
    const name = typeof entry.name === 'string' && !entry.name.includes('${') ? entry.name : key;
    const type = entry.type === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
    const found = inPlace(source, place, resolver.resolve(entry.definition) ?? {}, { name, type }, options);
    return [{ ...found, id: key }];
  });
}

/** The functions of a serverless.yml, as the resources that `!GetAtt` finds. */
const lambdasOf = ({ functions }: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.keys(isObject(functions) ? functions : {}).flatMap((key) => {
      const resource = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: key } };
      return functionIds(key).map((id) => [id, resource]);
    }),
  );

async function inTemplate(
  source: Source,
  template: JsonObject,
  options: FindOptions,
): Promise<FoundMachine[]> {
  const resolver = createResolver(template, ENVIRONMENT);
  const found: FoundMachine[] = [];
  for (const resource of resolver.resources) {
    if (!/^AWS::(StepFunctions|Serverless)::StateMachine$/.test(resource.type)) continue;
    const machine = await ofResource(source, resource, resolver, options);
    if (machine) found.push({ ...machine, id: resource.logicalId });
  }
  return found;
}

async function ofResource(
  source: Source,
  resource: Resource,
  resolver: Resolver,
  options: FindOptions,
): Promise<FoundMachine | undefined> {
  const { properties, logicalId } = resource;
  const named = properties.StateMachineName ?? properties.Name;
  const about: About = {
    name: named === undefined ? undefined : resolver.name(resource),
    type: (properties.StateMachineType ?? properties.Type) === 'EXPRESS' ? 'EXPRESS' : 'STANDARD',
    deployment: deploymentOf(resource, resolver),
  };
  const substitutions = substitutionsOf(properties, resolver);
  const place = ['Resources', logicalId, 'Properties'];
  const { Definition, DefinitionString } = properties;
  if (Definition !== undefined)
    return inPlace(
      source,
      [...place, 'Definition'],
      resolver.resolve(Definition) ?? {},
      about,
      options,
      substitutions,
    );
  const at = [...place, 'DefinitionString'];
  if (DefinitionString !== undefined) {
    const json = isObject(DefinitionString) ? DefinitionString['Fn::ToJsonString'] : undefined;
    if (json !== undefined)
      return inPlace(
        source,
        [...at, 'Fn::ToJsonString'],
        resolver.resolve(json) ?? {},
        about,
        options,
        substitutions,
      );
    const { node } = nodeAt(source.root, at);
    return inString(source, DefinitionString, node, resolver, substitutions, about, options);
  }
  return await inFile(properties, resolver, substitutions, about, options);
}

/** A definition written as a text inside of the template. */
function inString(
  source: Source,
  value: Json,
  node: SourceNode,
  resolver: Resolver,
  substitutions: Record<string, string>,
  about: About,
  options: FindOptions,
): FoundMachine {
  const embedded = embeddedText(source, value, node, resolver, substitutions);
  const inner = parseEmbedded(embedded);
  const complete = filled(inner.value);
  return {
    source,
    machine: {
      type: 'STANDARD',
      ...about,
      framework: options.framework,
      routes: options.routes,
      definition: isObject(complete) ? complete : {},
      written: inner.value,
      offsetOf: (place) => embedded.offsetOf(startOf(nodeAt(inner.root, place).node)),
    },
  };
}

function parseEmbedded(embedded: Embedded): ReturnType<typeof parseJsonSource> {
  try {
    return parseJsonSource(embedded.text, { unique: true });
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new UnreadableSource(error.message, embedded.offsetOf(error.start));
  }
}

/** A definition in a file of its own: SAM's DefinitionUri, or an asset of the CDK's. */
async function inFile(
  properties: JsonObject,
  resolver: Resolver,
  substitutions: Record<string, string>,
  about: About,
  options: FindOptions,
): Promise<FoundMachine | undefined> {
  const location = resolver.resolve(properties.DefinitionUri ?? properties.DefinitionS3Location);
  const key = isObject(location) ? location.Key : location;
  if (typeof key !== 'string') return undefined;
  for (const path of [key, `asset.${key}`]) {
    const text = await options.read(path);
    if (text === undefined) continue;
    const source = await readSource(path, text);
    return inPlace(source, [], source.value, about, options, substitutions);
  }
  return undefined;
}

function substitutionsOf(properties: JsonObject, resolver: Resolver): Record<string, string> {
  const declared = properties.DefinitionSubstitutions;
  if (!isObject(declared)) return {};
  return Object.fromEntries(
    Object.entries(declared).flatMap(([name, value]) => {
      resolver.unresolved.clear();
      const resolved = resolver.resolve(value);
      return typeof resolved === 'string' && resolver.unresolved.size === 0 ? [[name, resolved]] : [];
    }),
  );
}
