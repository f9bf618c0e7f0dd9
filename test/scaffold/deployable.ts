import type * as cdk from 'aws-cdk-lib';
import { isObject, type Json, type JsonObject } from '../../src/json/json.js';

/** What would keep an app's stacks from being deployed, or what the CDK says about them. */
export function deploymentFaults(app: cdk.App): string[] {
  const assembly = app.synth();
  return assembly.stacksRecursively.flatMap((stack) => {
    const template = stack.template as JsonObject;
    const said = stack.messages.map(({ level, entry }) => `${level}: ${JSON.stringify(entry.data)}`);
    return [...said, ...templateFaults(template)].map((fault) => `${stack.stackName}: ${fault}`);
  });
}

/** References to what is not there, and circles of them. CloudFormation refuses both. */
export function templateFaults(template: JsonObject): string[] {
  const resources = isObject(template.Resources) ? template.Resources : {};
  const others = isObject(template.Parameters) ? Object.keys(template.Parameters) : [];
  const edges = new Map<string, string[]>();
  const faults: string[] = [];
  for (const [id, resource] of Object.entries(resources)) {
    const referred = [...new Set(references(resource))].filter((name) => !name.startsWith('AWS::'));
    for (const name of referred)
      if (!Object.hasOwn(resources, name) && !others.includes(name)) faults.push(`${id} refers to ${name}`);
    edges.set(id, referred);
  }
  for (const output of Object.values(isObject(template.Outputs) ? template.Outputs : {}))
    for (const name of references(output))
      if (!name.startsWith('AWS::') && !Object.hasOwn(resources, name))
        faults.push(`an output refers to ${name}`);
  const circle = circleIn(edges);
  return circle ? [...faults, `circular dependency: ${circle.join(' -> ')}`] : faults;
}

/** `Ref`, `Fn::GetAtt`, `DependsOn`, and the names within `Fn::Sub`. */
function references(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref' && typeof inner === 'string') return [inner];
    if (key === 'DependsOn') return [inner].flat().filter((one) => typeof one === 'string');
    if (key === 'Fn::GetAtt') return [String(Array.isArray(inner) ? inner[0] : inner).split('.')[0] ?? ''];
    if (key === 'Fn::Sub') {
      const [text, own] = Array.isArray(inner) ? inner : [inner];
      const named = [...String(text).matchAll(/\$\{([^!}.]+)[^}]*\}/g)].map(([, name = '']) => name);
      const given = isObject(own) ? own : {};
      return [...named.filter((name) => !Object.hasOwn(given, name)), ...references(given)];
    }
    return references(inner);
  });
}

function circleIn(edges: Map<string, string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (id: string, path: string[]): string[] | undefined => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    if (done.has(id)) return undefined;
    for (const next of edges.get(id) ?? []) {
      const circle = visit(next, [...path, id]);
      if (circle) return circle;
    }
    done.add(id);
    return undefined;
  };
  for (const id of edges.keys()) {
    const circle = visit(id, []);
    if (circle) return circle;
  }
  return undefined;
}

// The CDK speaks of what is deprecated in it once a process; as an error nobody overlooks it.
process.env.JSII_DEPRECATED = 'fail';
