// Following an execution: what `watch` asks for, beside a script that runs `aws stepfunctions get-execution-history`
// each second; each through a proxy that counts.
import { once } from 'node:events';
import {
  CreateStateMachineCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { startCountingProxy } from './kit/counting-proxy.mjs';
import {
  awsEnvironment,
  awsKeys,
  binary,
  cost,
  hasAws,
  launch,
  say,
  settings,
  sleep,
  withServer,
} from './kit/local.mjs';

const SECONDS = 20;
/** Events of one item. */
const ITEM = 4;

const definition = JSON.stringify({
  StartAt: 'items',
  States: {
    items: {
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: { StartAt: 'item', States: { item: { Type: 'Pass', End: true } } },
      // What is new shall be small, however much there is.
      OutputPath: null,
      Next: 'tick',
    },
    tick: { Type: 'Wait', Seconds: 1, Next: 'more' },
    more: {
      Type: 'Choice',
      Choices: [{ Variable: '$.enough', IsPresent: true, Next: 'end' }],
      Default: 'tick',
    },
    end: { Type: 'Succeed' },
  },
});

const aws = hasAws('stepfunctions', 'get-execution-history');

await withServer(async (endpoint, options) => {
  const states = new SFNClient(settings(endpoint));
  const roleArn = 'arn:aws:iam::101010101010:role/local';
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name: 'bench', definition, roleArn }),
  );
  const ends = async (executionArn) => {
    const last = { executionArn, reverseOrder: true, maxResults: 1 };
    return (await states.send(new GetExecutionHistoryCommand(last))).events[0];
  };
  for (const events of [100, 1_000, 20_000]) {
    const input = JSON.stringify({
      items: Array.from({ length: Math.floor((events - 8) / ITEM) }, (_, n) => n),
    });
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, input }));
    while (!(await ends(executionArn)).type.startsWith('WaitState')) await sleep(100);
    await follow(endpoint, options, executionArn, async () => (await ends(executionArn)).id);
    await states.send(new StopExecutionCommand({ executionArn }));
  }
  states.destroy();
});

async function follow(endpoint, options, executionArn, lastId) {
  const [ours, theirs] = [await startCountingProxy(endpoint), await startCountingProxy(endpoint)];
  const args = [binary, 'watch', executionArn, '--endpoint-url', ours.endpoint, '-o', 'ndjson'];
  const env = { ...options.env, ...awsKeys };
  const watch = launch(process.execPath, args, { ...options, env });
  while (!watch.output.includes('"tick"')) await sleep(50);
  const first = ours.take();
  const before = await lastId();
  await sleep(SECONDS * 1000);
  const own = ours.take();
  const fresh = (await lastId()) - before;
  await watch.stop();
  say(`${before} events, then ${fresh} new ones in ${SECONDS} s:`);
  say(`  watch, once at first      ${cost(first)}`);
  say(`  watch, ${SECONDS} s               ${cost(own)}`);
  if (aws) {
    const history = ['stepfunctions', 'get-execution-history', '--execution-arn', executionArn];
    const { child } = launch('aws', [...history, '--endpoint-url', theirs.endpoint], {
      env: awsEnvironment(),
    });
    const [status] = await once(child, 'exit');
    if (status !== 0) throw new Error(`aws ended with ${status}`);
    const run = theirs.take();
    const all = { calls: run.calls * SECONDS, bytes: run.bytes * SECONDS };
    say(`  the script, a run         ${cost(run)}`);
    say(`  the script, ${SECONDS} runs       ${cost(all)}: ${(all.bytes / own.bytes).toFixed(0)}x the bytes`);
  }
  for (const proxy of [ours, theirs]) proxy.close();
}
