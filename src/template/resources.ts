import type { Json, JsonObject } from '../json/json.js';

/** Where a template's resources are taken to be. */
export interface Place {
  partition: string;
  region: string;
  account: string;
  stackName: string;
}

export interface Resource {
  logicalId: string;
  /** `AWS::Lambda::Function` */
  type: string;
  /** As the template has them, unresolved. */
  properties: JsonObject;
}

type Resolve = (value: Json | undefined) => Json | undefined;

/** SAM's resources are those of other services. */
const transformed: Record<string, string> = {
  'AWS::Serverless::Function': 'AWS::Lambda::Function',
  'AWS::Serverless::StateMachine': 'AWS::StepFunctions::StateMachine',
  'AWS::Serverless::SimpleTable': 'AWS::DynamoDB::Table',
};

/** ARN parts where they do not follow from the resource's type: service, and what stands before the name. */
const arnParts: Record<string, [service: string, before: string]> = {
  'AWS::StepFunctions::StateMachine': ['states', 'stateMachine:'],
  'AWS::StepFunctions::Activity': ['states', 'activity:'],
  'AWS::Lambda::Function': ['lambda', 'function:'],
  'AWS::SQS::Queue': ['sqs', ''],
  'AWS::SNS::Topic': ['sns', ''],
  'AWS::S3::Bucket': ['s3', ''],
  'AWS::Logs::LogGroup': ['logs', 'log-group:'],
  'AWS::SecretsManager::Secret': ['secretsmanager', 'secret:'],
};

/** Services whose ARNs have no region, or neither region nor account. */
const global = new Set(['iam', 's3']);

/** Resources whose `Ref` is their ARN; it is the name elsewhere. */
const refIsArn = new Set([
  'AWS::StepFunctions::StateMachine',
  'AWS::StepFunctions::Activity',
  'AWS::SNS::Topic',
  'AWS::SecretsManager::Secret',
  'AWS::ECS::TaskDefinition',
]);

/** What `Ref` and `Fn::GetAtt` of a resource are, with its name for what CloudFormation would make up. */
export function createResourceValues(place: Place, resolve: Resolve) {
  const typeOf = ({ type }: Resource): string => transformed[type] ?? type;

  /** The property that names it (`FunctionName`, `Name`), else its logical id. */
  const name = (resource: Resource): string => {
    const kind = resource.type.split('::').at(-1) ?? '';
    const own = resolve(resource.properties[`${kind}Name`]) ?? resolve(resource.properties.Name);
    return typeof own === 'string' && own !== '' ? own : resource.logicalId;
  };

  const arn = (resource: Resource): string => {
    const type = typeOf(resource);
    const [, service = '', kind = ''] = type.split('::');
    const [prefix, before] = arnParts[type] ?? [service.toLowerCase(), `${kebab(kind)}/`];
    const region = global.has(prefix) ? '' : place.region;
    const account = prefix === 's3' ? '' : place.account;
    const after = type === 'AWS::Logs::LogGroup' ? ':*' : '';
    return `arn:${place.partition}:${prefix}:${region}:${account}:${before}${name(resource)}${after}`;
  };

  const queueUrl = (resource: Resource): string =>
    `https://sqs.${place.region}.amazonaws.com/${place.account}/${name(resource)}`;

  /** The ARN of a version or an alias, from that of its function or machine. */
  const qualified = (resource: Resource): string | undefined => {
    const { type, properties } = resource;
    const owner = resolve(properties.FunctionName ?? properties.StateMachineArn);
    const plain = typeof owner === 'string' ? owner : resource.logicalId;
    switch (type) {
      case 'AWS::Lambda::Version':
      case 'AWS::Lambda::Alias': {
        const function_ = plain.startsWith('arn:')
          ? plain
          : `arn:${place.partition}:lambda:${place.region}:${place.account}:function:${plain}`;
        return `${function_}:${type.endsWith('Version') ? '$LATEST' : name(resource)}`;
      }
      case 'AWS::StepFunctions::StateMachineVersion':
        return `${plain}:1`;
      default:
        return undefined;
    }
  };

  return {
    name,
    arn,
    ref(resource: Resource): string {
      const type = typeOf(resource);
      if (type === 'AWS::SQS::Queue') return queueUrl(resource);
      return qualified(resource) ?? (refIsArn.has(type) ? arn(resource) : name(resource));
    },
    /** Undefined: what only AWS knows (an endpoint's address, a generated id). */
    attribute(resource: Resource, attribute: string): string | undefined {
      if (attribute === 'QueueUrl') return queueUrl(resource);
      if (/^(Name|\w+Name)$/.test(attribute)) return name(resource);
      if (/^(Arn|\w+Arn)$/.test(attribute)) return qualified(resource) ?? arn(resource);
      return undefined;
    },
  };
}

const kebab = (words: string): string => words.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
