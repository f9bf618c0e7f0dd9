import { type ExitCode, exitCodes } from '../../errors.js';
import type { Check } from '../../operations/doctor/check.js';
import { policyFor, policyScope } from '../../operations/doctor/command-permissions.js';
import { examineHost } from '../../operations/doctor/examine-host.js';
import { examineTarget } from '../../operations/doctor/examine-target.js';
import { checkLines, doctorDocument } from '../../views/project/doctor.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { declaration } from './doctor.js';
import { takenPorts } from './taken-ports.js';

export const run: Run<typeof declaration> = async (context, _args, { policy }) => {
  if (policy !== undefined) return await printPolicy(context, policy);
  const { out, clock, terminal } = context;
  const target = await context.connect({ changes: false });
  const checks: Check[] = [];
  const tell = (check: Check): void => {
    checks.push(check);
    out.event(check, checkLines(check, terminal.color));
  };
  for (const check of examineHost(process.version, await takenPorts([8083, 4566]))) tell(check);
  for await (const check of examineTarget({ ...target, now: clock.now })) tell(check);
  out.summary(() => doctorDocument(target.name, checks));
  return checks.some(({ status }) => status === 'fault') ? exitCodes.failed : exitCodes.ok;
};

async function printPolicy(context: Context, commands: string[]): Promise<ExitCode> {
  const target = context.targetNamed ? await context.connect({ changes: false }) : {};
  const policy = policyFor(commands, policyScope(target));
  context.out.document(policy, [JSON.stringify(policy, null, 2)]);
  return exitCodes.ok;
}
