// What the benches of following share: a local server, commands beside it, and how numbers are written.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

export const binary = fileURLToPath(new URL('../../bin/mbc-flow.js', import.meta.url));
export const settings = (endpoint) => ({
  endpoint,
  region: 'ap-northeast-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
export const say = (line) => process.stdout.write(`${line}\n`);
export const bytes = (count) =>
  count < 1e5 ? `${(count / 1e3).toFixed(1)} kB` : `${(count / 1e6).toFixed(1)} MB`;
export const cost = ({ calls, bytes: count }) => `${calls} calls, ${bytes(count)}`;
export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** `aws` is on this machine and has this command; says so by name where it does not. */
export function hasAws(...command) {
  const { error, stderr } = spawnSync('aws', [...command, 'help'], {
    env: awsEnvironment(),
    encoding: 'utf8',
  });
  if (!error && !/Invalid choice|invalid choice/.test(stderr)) return true;
  say(
    `SKIPPED aws ${command.join(' ')}: ${error ? 'there is no aws CLI here' : 'this version of the aws CLI lacks it'}`,
  );
  return false;
}

export const awsKeys = {
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_DEFAULT_REGION: 'ap-northeast-1',
  AWS_REGION: 'ap-northeast-1',
};

/** HOME stays: tools like pyenv find their interpreter by it. */
export const awsEnvironment = () => ({
  ...process.env,
  ...awsKeys,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
  PYTHONUNBUFFERED: '1',
});

/** Starts a command; `output` is what it has written so far. */
export function launch(command, args, options) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const running = {
    child,
    output: '',
    async stop() {
      child.kill('SIGINT');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      running.output += text;
    });
  return running;
}

/** Runs `use(endpoint, cwd)` beside a local server of its own. */
export async function withServer(use) {
  const cwd = mkdtempSync(join(tmpdir(), 'mbc-flow-bench-'));
  const env = { PATH: process.env.PATH, HOME: cwd, AWS_EC2_METADATA_DISABLED: 'true' };
  const server = launch(process.execPath, [binary, 'dev', '--port', '0', '-o', 'json'], { cwd, env });
  try {
    while (!server.output.includes('"ready":true')) await sleep(20);
    await use(/http[^"]+/.exec(server.output)[0], { cwd, env });
  } finally {
    await server.stop();
    rmSync(cwd, { recursive: true, force: true });
  }
}
