import { command, declare } from '../shell/command.js';
import { port } from '../shell/input/flag-values.js';
import { days, endpointOf, functionSpec, timeScale, url } from './dev-flags.js';

export const declaration = declare({
  name: 'dev',
  changes: true,
  summary:
    'Run the embedded local server: Step Functions, S3, CloudWatch Logs, STS and Lambda Invoke on one port',
  description:
    'For development: accepts any credentials; account 101010101010, region ap-northeast-1. Its state is in the data directory and survives restarts. It runs until Ctrl-C (exit 130) or SIGTERM (143); running executions continue at the next start.',
  options: [
    {
      flags: '--port <port>',
      description:
        'port of all services; 0 takes a free one (default: LOCAL_SFN_PORT of the environment or the app’s .env, else 8083)',
      parse: port,
    },
    {
      flags: '--s3-port <port>',
      description: 'serve S3 on this port too (default: LOCAL_S3_PORT of the environment or the app’s .env)',
      parse: port,
    },
    {
      flags: '--ui-port <port>',
      description:
        'port of the mbc-flow UI in the browser, on 127.0.0.1 only; 0 takes a free one (default: that of the last time)',
      parse: port,
    },
    { flags: '--no-ui', description: 'no mbc-flow UI' },
    { flags: '--host <address>', description: 'address to listen on', default: '127.0.0.1' },
    {
      flags: '--allowed-host <name...>',
      description: 'also answer requests with this Host or Origin (loopback names always are)',
    },
    {
      flags: '--functions <name=spec...>',
      description:
        'function NAME (* is every one) is SPEC: ./dist/main.handler, ./src/main.ts (by the app’s own TypeScript), or the URL of a Lambda endpoint',
      parse: functionSpec,
    },
    {
      flags: '--inspect [port]',
      description:
        'functions wait for no timeout and take a debugger on this port of 127.0.0.1 (default: 9229; the second function on the next one)',
      parse: port,
    },
    {
      flags: '--lambda-endpoint <url>',
      description: 'send each Invoke to this Lambda endpoint (serverless-offline, SAM)',
      parse: url,
    },
    {
      flags: '--service-endpoint <service=url...>',
      description: 'where Tasks reach a service that is not run here: dynamodb=http://127.0.0.1:8000',
      parse: endpointOf,
    },
    {
      flags: '--mocks <file>',
      description:
        'mocked responses of services that are not run here, in the format of Step Functions Local; start …:stateMachine:NAME#CASE',
    },
    {
      flags: '--template <file>',
      description:
        'register the state machines of this CDK, CloudFormation or SAM template or serverless.yml, and follow its changes',
    },
    {
      flags: '--event-sources',
      description:
        'deliver DynamoDB streams and SQS queues to functions, as Lambda’s event source mappings do, also where no endpoint of the app’s .env is on this machine (default: where they are)',
    },
    { flags: '--no-event-sources', description: 'deliver none' },
    {
      flags: '--time-scale <n>',
      description:
        'speed of the clock: 0.1 is ten times as fast, 0 passes all waiting at once (POST /_mbc-flow/clock moves it)',
      default: '1',
      parse: timeScale,
    },
    {
      flags: '--throttle',
      description: 'refuse requests above AWS’s rates per operation, as AWS does (ThrottlingException)',
    },
    {
      flags: '--retention <days>',
      description:
        'remove executions that ended so long ago, with their logs and results (default: keep all)',
      parse: days,
    },
    { flags: '--reset', description: 'empty the data directory first' },
  ],
  examples: [
    { line: 'mbc-flow dev', what: 'on port 8083, built-in functions' },
    { line: 'mbc-flow dev --s3-port 4566', what: 'with S3 on a port of its own too' },
    { line: "mbc-flow dev --functions '*=./dist/main.handler'", what: 'with a team’s own functions' },
    {
      line: "mbc-flow dev --functions '*=./src/main.ts' --inspect",
      what: 'from the TypeScript sources, with a debugger on port 9229',
    },
    { line: 'mbc-flow dev --template cdk.out/App.template.json', what: 'with the machines of a CDK app' },
    {
      line: 'mbc-flow dev --template infra-local/serverless.yml',
      what: 'with those of the framework’s local environment',
    },
    { line: 'mbc-flow dev --port 0 -o json', what: 'one line of JSON when ready, for scripts' },
  ],
});

export const dev = command(declaration, () => import('./dev.run.js'));
