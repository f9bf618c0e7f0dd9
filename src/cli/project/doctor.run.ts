import { connect } from 'node:net';
import { type ExitCode, exitCodes } from '../../errors.js';
import type { Check } from '../../operations/doctor/check.js';
import { permissionCommands, policyFor } from '../../operations/doctor/command-permissions.js';
import { examineHost } from '../../operations/doctor/examine-host.js';
import { examineTarget } from '../../operations/doctor/examine-target.js';
import { checkLines, doctorDocument } from '../../views/project/doctor.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { declaration } from './doctor.js';

export const run: Run<typeof declaration> = async (context, _args, options) => {
  if (typeof options.policy === 'string') return await printPolicy(context, options.policy);
  const target = await context.connect({ changes: false });
  const checks: Check[] = [];
  const tell = (check: Check): void => {
    checks.push(check);
    if (context.output === 'ndjson') context.out.json(check);
    for (const line of checkLines(check, context.terminal.color)) context.out.line(line);
  };
  for (const check of examineHost(process.version, await takenPorts([8083, 4566]))) tell(check);
  const now = (): number => context.clock.now();
  for await (const check of examineTarget({ ...target, now })) tell(check);
  if (context.output === 'json') context.out.json(doctorDocument(target.name, checks));
  return checks.some(({ status }) => status === 'fault') ? exitCodes.failed : exitCodes.ok;
};

async function printPolicy(context: Context, list: string): Promise<ExitCode> {
  const named = list.split(',').map((name) => name.trim());
  const commands = named.includes('all') ? permissionCommands() : named.filter((name) => name !== '');
  const scope = context.targetNamed ? await scopeOf(context) : {};
  const policy = policyFor(commands, scope);
  context.out.json(policy);
  context.out.line(JSON.stringify(policy, null, 2));
  return exitCodes.ok;
}

async function scopeOf(context: Context) {
  const { bucket, prefix } = await context.connect({ changes: false });
  return { bucket: bucket ?? (prefix && `${prefix}ddb-attributes`), tables: prefix };
}

/** The ports of the local server and its S3 that somebody listens on. */
async function takenPorts(ports: number[]): Promise<number[]> {
  const taken = await Promise.all(
    ports.map(
      (port) =>
        new Promise<boolean>((resolve) => {
          const socket = connect({ port, host: '127.0.0.1', timeout: 300 });
          const end = (answer: boolean): void => {
            socket.destroy();
            resolve(answer);
          };
          socket.once('connect', () => end(true));
          socket.once('error', () => end(false));
          socket.once('timeout', () => end(false));
        }),
    ),
  );
  return ports.filter((_, index) => taken[index]);
}
