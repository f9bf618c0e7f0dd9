import { isObject, type Json, type JsonObject } from '../json/json.js';
import type { Resolver } from '../template/resolver.js';
import type { Resource } from '../template/resources.js';
import type { Statement } from './iam-statement.js';
import type { LintMachine } from './machine.js';
import { allows, statementsOf } from './permissions.js';

type Deployment = NonNullable<LintMachine['deployment']>;

/** What a template says of how a machine is deployed: its log, and what its role may do. */
export const deploymentOf = (machine: Resource, resolver: Resolver): Deployment => ({
  ...logging(machine.properties, resolver),
  permissions: permissionsOf(machine.properties, resolver),
  answerable: (called) => mayAnswer(called, machine, resolver),
});

function logging(properties: JsonObject, resolver: Resolver): Deployment {
  const configuration = resolver.resolve(properties.LoggingConfiguration ?? properties.Logging);
  if (!isObject(configuration)) return {};
  const [destination] = Array.isArray(configuration.Destinations) ? configuration.Destinations : [];
  const group = isObject(destination) ? destination.CloudWatchLogsLogGroup : undefined;
  const arn = isObject(group) ? group.LogGroupArn : undefined;
  const logGroup = typeof arn === 'string' ? /:log-group:([^:]+)/.exec(arn)?.[1] : undefined;
  const logLevel = typeof configuration.Level === 'string' ? configuration.Level : undefined;
  return { logGroup, logLevel };
}

/** All that the machine's role may do; undefined where a part of it lies outside of the template. */
function permissionsOf(properties: JsonObject, resolver: Resolver): Statement[] | undefined {
  const role = properties.RoleArn ?? properties.Role;
  if (role === undefined) return inlinePolicies(properties.Policies, resolver);
  const owner = isObject(role) ? [role['Fn::GetAtt'], role.Ref].flat()[0] : undefined;
  const declared = resolver.resources.find(({ logicalId }) => logicalId === owner);
  if (!declared || hasForeignPolicies(declared.properties.ManagedPolicyArns)) return undefined;
  const own = inlinePolicies(declared.properties.Policies, resolver);
  const attached = resolver.resources
    .filter(
      ({ type, properties: policy }) =>
        /^AWS::IAM::(Managed)?Policy$/.test(type) && attachedTo(policy.Roles, owner),
    )
    .flatMap(({ properties: policy }) => statementsOf(resolver.resolve(policy.PolicyDocument)));
  return own && [...own, ...attached];
}

/** Whether the role of a function of this template may answer the machine; undefined where the template does not tell. */
function mayAnswer(called: Json, machine: Resource, resolver: Resolver): boolean | undefined {
  const fn = resolver.resources.find(
    (one) => /::Function$/.test(one.type) && [resolver.arn(one), resolver.name(one)].includes(String(called)),
  );
  const statements = fn && permissionsOf(fn.properties, resolver);
  return statements && allows(statements, 'states:SendTaskSuccess', resolver.arn(machine));
}

/** AWS's own policies of execution allow nothing that is asked here. */
const hasForeignPolicies = (arns: Json | undefined): boolean =>
  arns !== undefined &&
  !(Array.isArray(arns) && arns.every((arn) => /service-role\/AWSLambda\w+/.test(JSON.stringify(arn))));

const attachedTo = (roles: Json | undefined, owner: Json | undefined): boolean =>
  Array.isArray(roles) && roles.some((role) => isObject(role) && role.Ref === owner);

function inlinePolicies(policies: Json | undefined, resolver: Resolver): Statement[] | undefined {
  const list = policies === undefined ? [] : [policies].flat();
  const documents = list.map((policy) => (isObject(policy) ? (policy.PolicyDocument ?? policy) : undefined));
  if (documents.some((document) => !isObject(document) || document.Statement === undefined)) return undefined;
  return documents.flatMap((document) => statementsOf(resolver.resolve(document)));
}
