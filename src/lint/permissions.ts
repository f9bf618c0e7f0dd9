import { integrationOf } from '../asl/language/compile.js';
import type { Place } from '../asl/validate/diagnostic.js';
import { isObject, type Json, type JsonObject } from '../json/json.js';
import type { Statement } from './iam-statement.js';
import { type LintMachine, processorOf, statesOf } from './machine.js';

export interface Need {
  action: string;
  place: Place;
}

/** AWS SDK integrations name the service as the SDK for Java does; IAM sometimes has another name for it. */
const IAM_SERVICE: Record<string, string> = { sfn: 'states', cloudwatchlogs: 'logs', eventbridge: 'events' };
/** Integrations of their own, whose action is not what they are called. */
const OPTIMIZED: Record<string, string[]> = {
  'lambda:invoke': ['lambda:InvokeFunction'],
  'states:startExecution': ['states:StartExecution'],
  'events:putEvents': ['events:PutEvents'],
  'ecs:runTask': ['ecs:RunTask', 'iam:PassRole'],
};

/** What a machine's role must be allowed for its states to work, by the state that needs it. */
export function needsOf(machine: LintMachine): Need[] {
  return [...statesOf(machine)].flatMap(({ state, place }) => {
    const actions = state.Type === 'Task' ? ofResource(state.Resource) : ofMap(state);
    return actions.map((action) => ({ action, place }));
  });
}

function ofResource(resource: Json | undefined): string[] {
  if (typeof resource !== 'string') return [];
  const integration = integrationOf(resource);
  if (integration.kind === 'activity') return [];
  if (integration.kind !== 'service') return resource.includes(':lambda:') ? ['lambda:InvokeFunction'] : [];
  const action = integration.resource.replace(/\.(sync|sync:2|waitForTaskToken)$/, '');
  const service = integration.resourceType.replace(/^aws-sdk:/, '');
  const known = OPTIMIZED[`${service}:${action}`];
  if (known) return known;
  return [`${IAM_SERVICE[service] ?? service}:${action.charAt(0).toUpperCase()}${action.slice(1)}`];
}

function ofMap(state: JsonObject): string[] {
  const found = processorOf(state);
  if (!found?.distributed) return [];
  const reader = isObject(state.ItemReader) ? state.ItemReader.Resource : undefined;
  const reads =
    typeof reader !== 'string' ? [] : reader.endsWith('listObjectsV2') ? ['s3:ListBucket'] : ['s3:GetObject'];
  const writes =
    isObject(state.ResultWriter) && state.ResultWriter.Resource !== undefined ? ['s3:PutObject'] : [];
  return ['states:StartExecution', ...reads, ...writes];
}

/** Whether an action is allowed: on anything, or on this state machine, whatever its account and region. */
export function allows(statements: Statement[], action: string, machineArn?: string): boolean {
  const concerned = (statement: Statement): boolean =>
    statement.actions.some((pattern) => covers(pattern, action)) &&
    (machineArn === undefined || statement.resources.some((pattern) => coversMachine(pattern, machineArn)));
  return (
    statements.some((statement) => statement.effect === 'Allow' && concerned(statement)) &&
    !statements.some((statement) => statement.effect === 'Deny' && concerned(statement))
  );
}

const nameIn = (arn: string): string => arn.replace(/^.*:stateMachine:/, '');

const coversMachine = (pattern: string, arn: string): boolean =>
  covers(pattern, arn) || (pattern.includes(':stateMachine:') && covers(nameIn(pattern), nameIn(arn)));

function covers(pattern: string, action: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${escaped}$`, 'i').test(action);
}

/** The statements of a policy document. */
export function statementsOf(document: Json | undefined): Statement[] {
  const declared = isObject(document) ? document.Statement : undefined;
  const list = Array.isArray(declared) ? declared : [declared];
  return list.filter(isObject).map((statement) => ({
    effect: statement.Effect === 'Deny' ? 'Deny' : 'Allow',
    actions: [statement.Action].flat().filter((action) => typeof action === 'string'),
    // What can't be resolved may be this very one.
    resources: [statement.Resource ?? '*'].flat().map((one) => (typeof one === 'string' ? one : '*')),
  }));
}
