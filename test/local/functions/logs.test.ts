import { DescribeLogStreamsCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { type Local, startServer } from '../harness.js';
import { folderOf } from './start.js';

const group = '/aws/lambda/fn';

async function serverWith(
  module: string,
): Promise<{ server: Local; call: (how: unknown) => Promise<string> }> {
  const functionsBase = folderOf({ 'main.mjs': module });
  const functions = { fn: { module: './main.handler', timeoutSeconds: 1, memoryMB: 300 } };
  const server = await startServer({ functions, functionsBase });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const lambda = new LambdaClient({ endpoint: server.endpoint, region: 'ap-northeast-1', credentials });
  return {
    server,
    async call(how) {
      const { $metadata } = await lambda.send(
        new InvokeCommand({ FunctionName: 'fn', Payload: Buffer.from(JSON.stringify(how)) }),
      );
      return $metadata.requestId ?? '';
    },
  };
}

/** Messages once there is a REPORT line for each of the requests. */
async function messages({ logs }: Local, requests: number): Promise<string[]> {
  for (;;) {
    const { events = [] } = await logs
      .send(new FilterLogEventsCommand({ logGroupName: group }))
      .catch(() => ({ events: [] }));
    const found = events.map(({ message = '' }) => message);
    if (found.filter((message) => message.startsWith('REPORT')).length >= requests) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('the console of a function, in the lines of Lambda', async () => {
  const { server, call } = await serverWith(`
    console.log('loading');
    export const handler = async () => {
      console.log('first\\nsecond', { a: 1 });
      console.warn('careful %s', 'now');
      return process.env.AWS_LAMBDA_LOG_STREAM_NAME;
    }`);
  const id = await call({});
  const again = await call({});
  const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
  const report = `REPORT RequestId: ${id}\tDuration: \\d+\\.\\d\\d ms\tBilled Duration: \\d+ ms\tMemory Size: 300 MB\tMax Memory Used: \\d+ MB\t`;
  expect(await messages(server, 2)).toEqual([
    `START RequestId: ${id} Version: $LATEST\n`,
    // While the module loads Lambda knows no request; here its first one waits already.
    expect.stringMatching(new RegExp(`^${time}\t\\S+\tINFO\tloading\n$`)),
    expect.stringMatching(new RegExp(`^${time}\t${id}\tINFO\tfirst\nsecond { a: 1 }\n$`)),
    expect.stringMatching(new RegExp(`^${time}\t${id}\tWARN\tcareful now\n$`)),
    `END RequestId: ${id}\n`,
    expect.stringMatching(new RegExp(`^${report}Init Duration: \\d+\\.\\d\\d ms\t\n$`)),
    `START RequestId: ${again} Version: $LATEST\n`,
    expect.stringContaining('first'),
    expect.stringContaining('careful'),
    `END RequestId: ${again}\n`,
    expect.not.stringContaining('Init Duration'),
  ]);
  const { logStreams = [] } = await server.logs.send(new DescribeLogStreamsCommand({ logGroupName: group }));
  expect(logStreams.map(({ logStreamName }) => logStreamName)).toEqual([
    expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
  ]);
});

test('errors, exits and timeouts in the log', async () => {
  const { server, call } = await serverWith(`export const handler = async (how) => {
    if (how === 'throw') throw new RangeError('too far');
    if (how === 'exit') process.exit(3);
    if (how === 'hang') for (;;);
  }`);
  const ids = [await call('throw'), await call('exit'), await call('hang')];
  const found = await messages(server, 3);
  const [thrown, exited, hung] = ids;
  const line = found.find((message) => message.includes('Invoke Error'));
  expect(line).toContain(
    `\t${thrown}\tERROR\tInvoke Error \t{"errorType":"RangeError","errorMessage":"too far"`,
  );
  expect(found).toContain(
    `RequestId: ${exited} Error: Runtime exited with error: exit status 3\nRuntime.ExitError\n`,
  );
  expect(found).toContainEqual(expect.stringMatching(`Z ${hung} Task timed out after 1\\.00 seconds\n\n$`));
});
