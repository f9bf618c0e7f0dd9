import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListActivitiesCommand, ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { expect, onTestFinished } from 'vitest';
import { main } from '../../acceptance/main.js';
import type { Ran, Start } from '../../acceptance/process.js';
import { functionNames } from '../../acceptance/provide.js';
import { start } from '../cli/world.js';
import { compileCache } from '../e2e/cli.js';
import { startFaultProxy } from '../fault-proxy.js';
import { type Local, startServer, temporaryDirectory } from '../local/harness.js';

export const root = join(import.meta.dirname, '../..');
export const prefix = 'kit-test';

/** A local server with the kit's functions, as docs/acceptance.md says to start one. */
export const startTarget = (): Promise<Local> =>
  startServer({
    functions: Object.fromEntries(
      functionNames.map((name) => [`${prefix}-${name}`, join(root, 'acceptance/functions/index.handler')]),
    ),
  });

export interface Document {
  same: number;
  differences: { id: string; why: string }[];
  leftOut: { id: string; why: string }[];
  missing: string[];
  removed: { kind: string; name: string }[];
  left: { kind: string; name: string; why: string }[];
}

export interface Run {
  endpoint: string;
  journal: string;
}

const argsOf = ({ endpoint, journal }: Run, args: string[]): string[] => [
  ...['--endpoint-url', endpoint, '--journal', journal, '--prefix', prefix],
  ...args,
];

/** Of a run. The commands that it starts have a cache of their own each, empty but for what is named here. */
const environment = ({ journal }: Run) => ({
  PATH: process.env.PATH,
  HOME: journal,
  NODE_COMPILE_CACHE: compileCache,
});

/** A command in this process. */
const startHere: Start = (args, { cwd, env }) => {
  mkdirSync(cwd, { recursive: true });
  const { done, waitFor, signal } = start(args, {
    cwd,
    env: { ...env, NO_COLOR: '1' } as Record<string, string>,
  });
  return { done, waitFor, end: () => signal('SIGTERM') };
};

/** In this process, and so are its commands unless they are to be those of the binary. */
export async function runKit(run: Run, args: string[], commands: Start = startHere): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') =>
    new Writable({
      decodeStrings: false,
      write(chunk, _encoding, done) {
        written[name] += String(chunk);
        done();
      },
    });
  const code = await main(argsOf(run, args), {
    root,
    env: environment(run),
    stdin: Readable.from([]),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    signal: new AbortController().signal,
    start: commands,
  });
  return { code, ...written };
}

export async function compare(
  endpoint: string,
  only: string,
  commands?: Start,
): Promise<Document & { code: number }> {
  const run = { endpoint, journal: temporaryDirectory() };
  const { code, stdout, stderr } = await runKit(run, ['--yes', '-o', 'json', '--only', only], commands);
  expect(stdout, stderr).toMatch(/^\{.*\}\n$/);
  expect(readdirSync(run.journal)).toEqual([]);
  return { code, ...(JSON.parse(stdout) as Document) };
}

/** Some of all kinds of resources. */
const KINDS = '^(pass|map$|distributed-items|stopped|activity|command stop)';

/** In a process of its own, which gets the signal once it has made so many requests; then `--cleanup`. */
export async function killedAfter(
  target: Local,
  { signal, after }: { signal: NodeJS.Signals; after: number },
): Promise<{ code: number | null; before: string[]; cleaned: number; files: string[] }> {
  let due = () => {};
  const isTime = new Promise<void>((resolve) => {
    due = resolve;
  });
  const proxy = await startFaultProxy(target.endpoint, () => {
    if (proxy.seen.length === after) due();
    return undefined;
  });
  const run = { endpoint: proxy.endpoint, journal: temporaryDirectory() };
  const args = argsOf(run, ['--yes', '--only', KINDS]);
  const child = spawn(process.execPath, [join(root, 'acceptance/run.mjs'), ...args], {
    cwd: run.journal,
    env: environment(run),
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  await Promise.race([isTime, ended]);
  child.kill(signal);
  const code = await ended;
  const before = await remains(target);
  const cleaned = await runKit(run, ['--cleanup', '--yes']);
  const files = existsSync(run.journal) ? readdirSync(run.journal) : [];
  return { code, before, cleaned: cleaned.code, files };
}

/** Everything of the kit's that the server has. */
export async function remains({ sfn, s3, logs }: Local): Promise<string[]> {
  const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
  const { activities = [] } = await sfn.send(new ListActivitiesCommand({}));
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  const names = [
    ...stateMachines.map(({ name }) => name),
    ...activities.map(({ name }) => name),
    ...Buckets.map(({ Name }) => Name),
    ...logGroups.map(({ logGroupName }) => logGroupName),
  ];
  // Of the functions that were there before, the log is theirs.
  return names.filter(
    (name = '') => name.includes(`${prefix}-r`) && !/^\/aws\/lambda\/kit-test-raise_/.test(name),
  ) as string[];
}
