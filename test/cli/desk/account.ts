import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { listening } from '../../listening.js';

const arn = (kind: string, rest: string): string =>
  `arn:aws:states:ap-northeast-1:123456789012:${kind}:${rest}`;
const definition = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });

/**
 * An account of 20 machines with 250 executions each behind AWS's protocol, under a name that is not loopback's.
 * `calls` has when each call came, by the clock that is given.
 * @param throttled whether a call is refused as too many
 */
export async function startAccount(now: () => number, throttled: (call: number) => boolean = () => false) {
  const began = now();
  const calls: number[] = [];
  const machines = Array.from({ length: 20 }, (_, index) => `機械-${index}`);
  const answers: Record<string, (input: Record<string, string>) => unknown> = {
    ListStateMachines: () => ({
      stateMachines: machines.map((name) => ({
        stateMachineArn: arn('stateMachine', name),
        name,
        type: 'STANDARD',
        creationDate: began / 1000,
      })),
    }),
    ListExecutions: ({ stateMachineArn = '', maxResults = '1000', statusFilter }) => ({
      executions: Array.from({ length: Math.min(250, Number(maxResults)) }, (_, index) => ({
        executionArn: arn('execution', `${stateMachineArn.split(':')[6]}:夜間-${index}`),
        stateMachineArn,
        name: `夜間-${index}`,
        status: index % 50 === 7 ? 'FAILED' : 'SUCCEEDED',
        startDate: began / 1000 - index * 60,
        stopDate: began / 1000 - index * 60 + 1,
      })).filter(({ status }) => statusFilter === undefined || status === statusFilter),
    }),
    DescribeStateMachine: ({ stateMachineArn = '' }) => ({
      stateMachineArn,
      name: stateMachineArn.split(':')[6],
      definition,
      type: 'STANDARD',
      roleArn: 'arn:aws:iam::123456789012:role/r',
      creationDate: began / 1000,
    }),
    DescribeExecution: ({ executionArn = '' }) => ({
      executionArn,
      stateMachineArn: arn('stateMachine', executionArn.split(':')[6] ?? ''),
      name: executionArn.split(':')[7],
      status: 'FAILED',
      startDate: began / 1000,
      input: '{"requestId":"req-1"}',
      error: 'Boom',
      cause: '在庫が足りません',
    }),
  };
  const server = createServer(async (request, response) => {
    calls.push(now());
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const input = (await json(request).catch(() => ({}))) as Record<string, string>;
    const answer = throttled(calls.length) ? undefined : answers[operation]?.(input);
    response.writeHead(answer ? 200 : 400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(
      JSON.stringify(answer ?? { __type: 'ThrottlingException', message: `Rate exceeded: ${operation}` }),
    );
  });
  return { endpoint: await listening(server, '0.0.0.0'), calls };
}

export const mostInAMinute = (calls: readonly number[]): number =>
  Math.max(0, ...calls.map((from) => calls.filter((at) => at >= from && at < from + 60_000).length));
