import { groups } from './cases/commands.js';
import { cases, isExecution } from './cases/index.js';
import type { Kind } from './journal.js';
import { functionLogs, vendedLogs } from './kinds.js';
import { functionNames, logged } from './provide.js';

interface Row {
  kind: Kind;
  name: string;
  cost: string;
}

/** Everything that a run makes; RUN stands for its own part of the names. */
export function plannedResources(prefix: string, only: RegExp | undefined): Row[] {
  const name = (id: string): string => `${prefix}-RUN-${id}`;
  const row =
    (kind: Kind, cost: string) =>
    (text: string): Row => ({ kind, name: text, cost });
  const wanted = cases.filter(({ id }) => !only || only.test(id));
  const machine = (id: string, express = false): Row =>
    row('state machine', express ? 'requests and their duration' : 'state transitions')(name(id));
  return [
    row('bucket', 'requests; a few kB, gone at the end')(name('data')),
    ...functionNames.map((id) => row('function', 'requests and their duration')(name(id))),
    ...functionNames.map((id) => row('log group', 'a few kB of logs')(functionLogs + name(id))),
    ...logged.map((id) => row('log group', 'a few kB of logs')(vendedLogs + name(id))),
    machine('child'),
    ...wanted.flatMap((one) =>
      isExecution(one)
        ? [machine(one.id, one.type === 'EXPRESS')]
        : one.machine
          ? [machine(one.id)]
          : one.id === 'activity'
            ? [row('activity', 'nothing')(name('activity'))]
            : [],
    ),
    ...groups
      .filter(({ id }) => !only || only.test(`command ${id}`))
      .flatMap(({ machines, type }) => Object.keys(machines).map((id) => machine(id, type === 'EXPRESS'))),
  ];
}

/** Of commands: more than they make. */
const OF_COMMANDS = 60;

/** At the list prices of us-east-1, all of it, without what is free of charge each month. */
export function estimate(only: RegExp | undefined): { lines: string[]; dollars: number } {
  const executions = cases.filter(isExecution).filter(({ id }) => !only || only.test(id));
  const transitions =
    OF_COMMANDS +
    executions.reduce(
      (sum, one) => sum + (one.transitions ?? Object.keys(statesOf(one.definition)).length + 2),
      0,
    );
  // A case that differs is run once more.
  const twice = transitions * 2;
  const parts: [string, number][] = [
    [`${twice} state transitions at $0.025 a thousand`, twice * 0.000025],
    ['10 express requests at $1.00 a million, 1 GB-second', 0.0001],
    ['100 invocations at $0.20 a million, 20 GB-seconds', 0.0005],
    ['200 requests of S3 at $0.005 a thousand', 0.001],
    ['1 MB of logs at $0.50 a GB', 0.0005],
  ];
  return {
    lines: parts.map(([what, dollars]) => `${what}: $${dollars.toFixed(4)}`),
    dollars: parts.reduce((sum, [, dollars]) => sum + dollars, 0),
  };
}

const statesOf = (definition: unknown): object => (definition as { States: object }).States;
