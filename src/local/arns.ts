import { localAccount as account, localRegion as region } from '../framework/conventions.js';

export { account, region };

const prefix = `arn:aws:states:${region}:${account}`;

export const stateMachineArn = (name: string): string => `${prefix}:stateMachine:${name}`;

export const activityArn = (name: string): string => `${prefix}:activity:${name}`;

/** `machine`: a machine's name, or `SM/label` for the children of a map run. */
export const executionArn = (machine: string, name: string): string =>
  `${prefix}:execution:${machine}:${name}`;

/** EXPRESS executions may share a name; `unique` distinguishes them. */
export const expressArn = (machine: string, name: string, unique: string): string =>
  `${prefix}:express:${machine}:${name}:${unique}`;

export const mapRunArn = (machine: string, label: string, uuid: string): string =>
  `${prefix}:mapRun:${machine}/${label}:${uuid}`;

/** The resource part of a Step Functions ARN: `['execution', 'SM', 'name']`; undefined when it is none. */
export function resourceOf(arn: string): string[] | undefined {
  const parts = arn.split(':');
  if (parts.length < 7 || parts[0] !== 'arn' || parts[2] !== 'states') return undefined;
  return parts.slice(5);
}

/** Of a Task state's Resource. */
export const isActivity = (resource: string): boolean => resourceOf(resource)?.[0] === 'activity';
