import { isObject, type Json, type JsonObject } from '../json/json.js';
import { createVariables, type VariableSources } from './variables.js';

/** What the Serverless Framework reads: it has a service, or the machines of the plugin serverless-step-functions. */
export const isServerless = (file: JsonObject): boolean =>
  file.Resources === undefined &&
  (isObject(file.stepFunctions) || (file.service !== undefined && file.provider !== undefined));

/**
 * The CloudFormation template that the Serverless Framework makes of a serverless.yml, as far as its state machines
 * and what they refer to go.
 */
export async function serverlessTemplate(file: JsonObject, sources: VariableSources): Promise<JsonObject> {
  const { resolve, stage } = createVariables(file, sources);
  const resolved = await resolve(file.resources);
  const parts = (Array.isArray(resolved) ? resolved : [resolved]).filter(isObject);
  const section = (name: string): JsonObject => Object.assign({}, ...parts.map((part) => part[name]));
  const declared = isObject(file.stepFunctions) ? await resolve(file.stepFunctions.stateMachines) : undefined;
  const named = isObject(file.service) ? file.service.name : file.service;
  const service = `${await resolve(named)}-${await stage()}`;
  return {
    Parameters: section('Parameters'),
    Conditions: section('Conditions'),
    Mappings: section('Mappings'),
    Outputs: section('Outputs'),
    Resources: {
      ...(await functions(file.functions, service, resolve)),
      ...section('Resources'),
      ...machines(declared),
    },
  };
}

async function functions(
  declared: Json | undefined,
  service: string,
  resolve: (value: Json | undefined) => Promise<Json | undefined>,
): Promise<JsonObject> {
  const entries = Object.entries(isObject(declared) ? declared : {}).map(async ([key, entry]) => {
    const name = (isObject(entry) ? await resolve(entry.name) : undefined) ?? `${service}-${key}`;
    const resource = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: name } };
    return functionIds(key).map((id) => [id, resource]);
  });
  return Object.fromEntries((await Promise.all(entries)).flat());
}

/** What a template calls a function: the plugin takes the function's own key for its logical id too. */
export const functionIds = (key: string): string[] => [key, `${logicalName(key)}LambdaFunction`];

function machines(declared: Json | undefined): JsonObject {
  const lists = (Array.isArray(declared) ? declared : [declared]).filter(isObject);
  return Object.fromEntries(
    lists.flatMap(Object.entries).flatMap(([key, entry]: [string, Json]) => {
      if (!isObject(entry) || entry.definition === undefined) return [];
      const { id, name = key, type, definition, role, loggingConfig } = entry;
      const custom = [id, entry.name].find((one) => typeof one === 'string') as string | undefined;
      const logicalId =
        custom?.replace(/[^0-9A-Za-z]/g, '') ?? `${logicalName(key)}StepFunctionsStateMachine`;
      const properties = {
        StateMachineName: name,
        StateMachineType: type,
        [typeof definition === 'string' ? 'DefinitionString' : 'Definition']: definition,
        RoleArn: role,
        LoggingConfiguration: isObject(loggingConfig) ? logging(loggingConfig) : undefined,
      };
      const given = Object.entries(properties).filter(([, value]) => value !== undefined);
      return [
        [logicalId, { Type: 'AWS::StepFunctions::StateMachine', Properties: Object.fromEntries(given) }],
      ];
    }),
  ) as JsonObject;
}

const logging = ({ level, includeExecutionData, destinations }: JsonObject): JsonObject => ({
  Level: level ?? 'OFF',
  IncludeExecutionData: includeExecutionData ?? false,
  Destinations: (Array.isArray(destinations) ? destinations : []).map((arn) => ({
    CloudWatchLogsLogGroup: { LogGroupArn: arn },
  })),
});

/** As the Serverless Framework makes logical ids of names. */
const logicalName = (name: string): string => {
  const words = name.replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
  return words.charAt(0).toUpperCase() + words.slice(1);
};
