import { isObject, type Json } from '../../src/json/json.js';
import { objectOf } from './api-record.js';

/** What each kind of answer belongs to, by the members that only it has. */
const operations: [operation: string, ...members: string[]][] = [
  ['StartSyncExecution', 'billingDetails'],
  ['DescribeExecution', 'executionArn', 'inputDetails'],
  ['StartExecution', 'executionArn', 'startDate'],
  ['ListExecutions', 'executions'],
  ['StopExecution', 'stopDate'],
  ['DescribeStateMachine', 'definition', 'status'],
  ['DescribeStateMachineForExecution', 'definition', 'updateDate'],
  ['CreateStateMachine', 'stateMachineArn', 'creationDate'],
  ['DescribeStateMachineAlias', 'routingConfiguration'],
  ['CreateStateMachineAlias', 'stateMachineAliasArn', 'creationDate'],
  ['ListStateMachineAliases', 'stateMachineAliases'],
  ['ListStateMachineVersions', 'stateMachineVersions'],
  ['PublishStateMachineVersion', 'stateMachineVersionArn', 'creationDate'],
  ['DescribeActivity', 'activityArn', 'name'],
  ['CreateActivity', 'activityArn', 'creationDate'],
  ['ListActivities', 'activities'],
  ['ListTagsForResource', 'tags'],
  ['UpdateStateMachine', 'updateDate'],
];

/** Empty answers tell nothing; the name that the test gave them says which operation it was. */
const silent: [operation: string, words: RegExp][] = [
  ['UntagResource', /^untag/],
  ['TagResource', /^tag/],
  ['DeleteStateMachineAlias', /^delet\w*alias/],
  ['DeleteStateMachineVersion', /^delet\w*version/],
  ['DeleteActivity', /^delet\w*activity/],
  ['DeleteStateMachine', /^delet/],
];

export function operationOf(key: string, answer: Json): string | undefined {
  if (Array.isArray(answer))
    return answer.every((item) => objectOf(item).stateMachineArn) ? 'ListStateMachines' : undefined;
  if (!isObject(answer)) return undefined;
  const found = operations.find(([, ...members]) => members.every((member) => member in answer));
  if (found) return found[0];
  const empty = Object.keys(answer).every((member) => member === 'ResponseMetadata');
  return empty ? silent.find(([, words]) => words.test(key))?.[0] : undefined;
}
