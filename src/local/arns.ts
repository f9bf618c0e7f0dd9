export const account = '101010101010';
export const region = 'ap-northeast-1';

const prefix = `arn:aws:states:${region}:${account}`;

export const stateMachineArn = (name: string): string => `${prefix}:stateMachine:${name}`;

export const activityArn = (name: string): string => `${prefix}:activity:${name}`;

/** `machine`: a machine's name, or `SM/label` for the children of a map run. */
export const executionArn = (machine: string, name: string): string =>
  `${prefix}:execution:${machine}:${name}`;

/** EXPRESS executions may share a name; `unique` tells them apart. */
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
