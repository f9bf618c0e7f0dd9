import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../harness.js';

interface Line {
  executions: string[];
  machines: boolean;
  all: boolean;
}

async function listen(endpoint: string): Promise<AsyncIterator<Line>> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${endpoint}/_mbc-flow/changes`, { agent: false }, resolve).once('error', reject);
  });
  onTestFinished(() => void response.destroy());
  async function* lines(): AsyncGenerator<Line> {
    for await (const text of createInterface({ input: response }))
      if (text !== '') yield JSON.parse(text) as Line;
  }
  return lines();
}

test('a listener is told what changed, once it is committed', async () => {
  const { endpoint, sfn } = await startServer();
  const changes = await listen(endpoint);
  const next = async (): Promise<Line | undefined> => (await changes.next()).value as Line | undefined;
  expect(await next()).toEqual({ executions: [], machines: false, all: true });
  const definition = JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });
  const made = new CreateStateMachineCommand({ name: 'm', definition, roleArn: 'arn:aws:iam::1:role/r' });
  const { stateMachineArn } = await sfn.send(made);
  expect(await next()).toEqual({ executions: [], machines: true, all: false });
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn }));
  expect(await next()).toEqual({ executions: [executionArn], machines: false, all: false });
});

test('changes are read, not written, by so many at most', async () => {
  const { endpoint } = await startServer();
  expect((await fetch(`${endpoint}/_mbc-flow/changes`, { method: 'POST' })).status).toBe(405);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const asked = Array.from({ length: 70 }, () =>
    fetch(`${endpoint}/_mbc-flow/changes`, { signal: stop.signal }),
  );
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 429)).toHaveLength(6);
});
