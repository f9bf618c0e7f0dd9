import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetExecutionHistoryCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { expect, onTestFinished } from 'vitest';
import { material } from '../shared.js';
import { startStandIn } from '../stand-in/application.js';
import { withRealCore } from './real-core.js';

const published = `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
<PublishResult><MessageId>00000000-0000-0000-0000-000000000000</MessageId></PublishResult></PublishResponse>`;

/** A topic that takes everything. */
async function startTopic(): Promise<{ endpoint: string; sent: () => string[] }> {
  const bodies: string[] = [];
  const topic = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      bodies.push(new URLSearchParams(body).get('Message') ?? '');
      response.setHeader('Content-Type', 'text/xml').end(published);
    });
  }).listen(0, '127.0.0.1');
  await once(topic, 'listening');
  onTestFinished(() => void topic.close());
  return { endpoint: `http://127.0.0.1:${(topic.address() as AddressInfo).port}`, sent: () => bodies };
}

material.test(
  'the rows of an import go through the steps of command in the real core: stored, and told of',
  async () => {
    const topic = await startTopic();
    const app = await startStandIn('import-good', { prepare: withRealCore(topic.endpoint) });
    const csv = [...app.recording.objects].find(([key]) => key.startsWith('imports/'))?.[1] ?? '';
    app.write('a.csv', csv);
    const { code, stdout, stderr } = await app.run(
      ...['import', 'a.csv', '--table', 'products', '--tenant', 't1', '-o', 'json', '--timeout', '60'],
    );
    expect(code, stdout + stderr).toBe(0);
    const { rows } = JSON.parse(stdout);
    expect(rows).toMatchObject({ succeeded: rows.total, failed: 0, failedLater: 0 });
    const stored = await app.rows('product-data');
    expect(stored).toHaveLength(rows.total);
    // What the framework's own code wrote: the data row has its version, and the command is finished.
    expect(stored.every(({ version }) => version === 1)).toBe(true);
    const commands = await app.rows('product-command');
    expect(new Set(commands.map(({ status }) => status))).toEqual(new Set(['finish:FINISHED']));
    const { executions = [] } = await app.sfn.send(
      new ListExecutionsCommand({
        stateMachineArn: 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:command',
      }),
    );
    const [{ executionArn = '' } = {}] = executions;
    const { events = [] } = await app.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(JSON.stringify(events)).toContain('core-main');
    expect(topic.sent().filter((text) => text.includes('finish'))).not.toEqual([]);
  },
  120_000,
);
