// Following a log group: `logs -f` beside `aws logs tail --follow`, each through a proxy that counts, while lines come
// in time, late and twice. Then line for line: which were lost, and which were told twice.
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
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

const SECONDS = 15;
const LINES_A_SECOND = 20;
/** `logs -f` looks that far back for late lines every 32 seconds. */
const LATEST = 100_000;
const LAST_LOOK = 36_000;

const aws = hasAws('logs', 'tail');

await withServer(async (endpoint, options) => {
  const [states, logs] = [new SFNClient(settings(endpoint)), new CloudWatchLogsClient(settings(endpoint))];
  for (const there of [100, 1_000, 20_000]) await follow({ endpoint, options, states, logs, there });
  states.destroy();
  logs.destroy();
});

async function follow({ endpoint, options, states, logs, there }) {
  const name = `bench-${there}`;
  const logGroupName = `/aws/vendedlogs/states/${name}`;
  const logStreamName = `states/${name}/0`;
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  await states.send(
    new CreateStateMachineCommand({
      name,
      definition: JSON.stringify({ StartAt: 'a', States: { a: { Type: 'Succeed' } } }),
      roleArn: 'arn:aws:iam::101010101010:role/local',
      loggingConfiguration: {
        level: 'ALL',
        destinations: [
          {
            cloudWatchLogsLogGroup: {
              logGroupArn: `arn:aws:logs:ap-northeast-1:101010101010:log-group:${logGroupName}:*`,
            },
          },
        ],
      },
    }),
  );
  const put = (events) =>
    logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: events.sort((a, b) => a.timestamp - b.timestamp),
      }),
    );
  let written = 0;
  const line = (timestamp) => {
    const execution_arn = `arn:aws:states:ap-northeast-1:101010101010:execution:${name}:n${written++}`;
    const event = { id: '1', type: 'ExecutionStarted', details: {}, previous_event_id: '0' };
    return {
      timestamp,
      message: JSON.stringify({
        ...event,
        event_timestamp: String(timestamp),
        execution_arn,
        redrive_count: '0',
      }),
    };
  };
  const old = Array.from({ length: there }, (_, n) =>
    line(Date.now() - 500_000 + Math.floor((n * 300_000) / there)),
  );
  for (let from = 0; from < there; from += 2_000) await put(old.slice(from, from + 2_000));

  const [ours, theirs] = [await startCountingProxy(endpoint), await startCountingProxy(endpoint)];
  const own = launch(
    process.execPath,
    [binary, 'logs', name, '-f', '--since', '10m', '--endpoint-url', ours.endpoint, '-o', 'ndjson'],
    { ...options, env: { ...options.env, ...awsKeys } },
  );
  const tail = [
    'logs',
    'tail',
    logGroupName,
    '--follow',
    '--since',
    '10m',
    '--endpoint-url',
    theirs.endpoint,
  ];
  const other = aws ? launch('aws', tail, { env: awsEnvironment() }) : undefined;
  const lastOld = new RegExp(`:n${there - 1}"`);
  while (![own, other].every((one) => !one || lastOld.test(one.output))) await sleep(100);
  const first = [ours.take(), theirs.take()];

  const again = [];
  for (let second = 0; second < SECONDS; second++) {
    const now = Date.now();
    const lines = Array.from({ length: LINES_A_SECOND }, (_, n) =>
      line(n % 5 === 0 ? now - Math.floor((LATEST * (second + 1)) / SECONDS) : now),
    );
    await put([...lines, ...again.splice(0)]);
    // A tenth of them comes a second time, under another id.
    again.push(...lines.filter((_, n) => n % 10 === 3));
    await sleep(1_000);
  }
  await sleep(LAST_LOOK);
  await own.stop();
  await other?.stop();
  say(`${there} lines, then ${SECONDS * LINES_A_SECOND} new ones, a fifth late, a tenth twice:`);
  report('logs -f', own.output, first[0], ours.take());
  if (other) report('aws logs tail', other.output, first[1], theirs.take());
  for (const proxy of [ours, theirs]) proxy.close();

  function report(who, output, atFirst, then) {
    const told = new Map();
    for (const [, n] of output.matchAll(/execution:bench-\d+:n(\d+)"/g)) told.set(n, (told.get(n) ?? 0) + 1);
    const lost = written - told.size;
    const twice = [...told.values()].filter((times) => times > 1).length;
    say(
      `  ${who.padEnd(14)} ${lost} lost, ${twice} told twice; at first ${cost(atFirst)}, then ${cost(then)}`,
    );
  }
}
