import { isObject, type Json } from '../../json/json.js';
import { runtimeError } from '../data/state-error.js';
import { jsonOf, memberOf, textOf, type Value } from '../data/value.js';
import type { Integration, TaskState } from '../language/machine.js';

interface Members {
  /** Texts that a call cannot be without. */
  required: readonly string[];
  optional: readonly string[];
}

/** The members that AWS documents for integrations that run here. */
const OPTIMISED: Readonly<Record<string, Members>> = {
  'lambda:invoke': {
    required: ['FunctionName'],
    optional: ['ClientContext', 'InvocationType', 'LogType', 'Payload', 'Qualifier'],
  },
  'states:startExecution': { required: ['StateMachineArn'], optional: ['Input', 'Name', 'TraceHeader'] },
};

/** As on AWS: a call that cannot be made is not scheduled, and ends the execution. @throws StateError */
export function checkParameters({ integration, language }: TaskState, parameters: Value): void {
  if (integration.kind !== 'service') return;
  const problems = problemsOf(integration, parameters);
  if (problems.length === 0) return;
  const field = language === 'JSONata' ? 'Arguments' : 'Parameters';
  throw runtimeError(
    `The ${field} '${textOf(parameters)}' could not be used to start the Task: [${problems.join(', ')}]`,
  );
}

type Service = Extract<Integration, { kind: 'service' }>;

function problemsOf({ resourceType, resource }: Service, parameters: Value): string[] {
  // Every member of every API of the SDK begins so.
  if (resourceType.startsWith('aws-sdk:'))
    return namesIn(parameters)
      .filter((name) => !/^[A-Z]/.test(name))
      .map(unsupported);
  const members = OPTIMISED[`${resourceType}:${resource.split('.')[0]}`];
  if (!members) return [];
  const { required, optional } = members;
  const unknown = namesIn(parameters).filter((name) => !required.includes(name) && !optional.includes(name));
  return [...unknown.map(unsupported), ...required.flatMap((name) => missing(name, given(parameters, name)))];
}

const unsupported = (name: string): string => `The field "${name}" is not supported by Step Functions`;

function missing(name: string, value: Json | undefined): string[] {
  if (typeof value === 'string') return [];
  return value === undefined
    ? [`The field '${name}' is required but was missing`]
    : [`The value of the field '${name}' has an invalid format`];
}

function given(parameters: Value, name: string): Json | undefined {
  const value = memberOf(parameters, name);
  return value && jsonOf(value);
}

function namesIn(parameters: Value): string[] {
  if (parameters.members) return parameters.members.map(([name]) => name);
  const json = jsonOf(parameters);
  return isObject(json) ? Object.keys(json) : [];
}
