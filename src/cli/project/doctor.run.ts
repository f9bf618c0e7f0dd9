import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { appPorts } from '../../config/app-environment.js';
import { readConfig } from '../../config/config.js';
import { readEnvironment } from '../../config/environment.js';
import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { appFunctions } from '../../files/project/app-functions.js';
import { lintSources } from '../../files/project/lint-sources.js';
import type { Check } from '../../operations/doctor/check.js';
import { policyFor, policyScope } from '../../operations/doctor/command-permissions.js';
import { type AppFacts, examineApp } from '../../operations/doctor/examine-app.js';
import { examineHost } from '../../operations/doctor/examine-host.js';
import { examineTarget } from '../../operations/doctor/examine-target.js';
import { holdsMachine, lintFiles } from '../../operations/project/lint-files.js';
import { createCheckLines, doctorDocument, summaryLine } from '../../views/project/doctor.js';
import { reaching } from '../../workflow/names/hint-target-flags.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { declaration } from './doctor.js';
import { takenPorts } from './taken-ports.js';

export const run: Run<typeof declaration> = async (context, _args, { policy }) => {
  if (policy !== undefined) return await printPolicy(context, policy);
  const { out, clock, terminal } = context;
  const checks: Check[] = [];
  let here = false;
  const lines = createCheckLines(terminal.color, () => here);
  let flags = '';
  const tell = ({ hint, ...found }: Check): void => {
    const check = hint === undefined ? found : { ...found, hint: reaching(hint, flags) };
    checks.push(check);
    out.event(check, lines.add(check));
  };
  const faulty = (): boolean => checks.some(({ status }) => status === 'fault');
  const { port, s3Port } = appPorts(await readEnvironment(context.cwd, context.env));
  const wanted = s3Port === undefined ? [port] : [port, s3Port];
  for (const check of examineHost(process.version, await takenPorts(wanted), wanted)) tell(check);
  for (const check of examineApp(await appFacts(context))) tell(check);
  let name: string | undefined;
  try {
    const target = await context.connect({ changes: false });
    name = target.name;
    here = target.loopback;
    flags = target.flagsForHints;
    for await (const check of examineTarget({ ...target, now: clock.now })) tell(check);
  } catch (error) {
    // A server that does not start for what was found already says no more than that.
    if (!(error instanceof FlowError) || !faulty()) throw error;
    const { message, where, hint } = error;
    tell({ check: 'target', status: 'fault', message: where ? `${where}: ${message}` : message, hint });
  }
  for (const line of lines.end()) out.line(line);
  out.summary(() => doctorDocument(name, checks), ['', summaryLine(checks, terminal.color)]);
  return faulty() ? exitCodes.failed : exitCodes.ok;
};

/** What the config of this folder names as its application. */
async function appFacts({ cwd, env }: Context): Promise<AppFacts> {
  const { folder, local } = readConfig(cwd);
  const modules = Object.entries(local.functions ?? {}).flatMap(([name, spec]) => {
    const module = typeof spec === 'string' ? spec : 'module' in spec ? spec.module : undefined;
    // A URL is somebody else's process, and TypeScript is compiled by `dev`.
    return module === undefined || /^https?:|\.[cm]?ts$/.test(module) ? [] : [[name, module] as const];
  });
  const functions = await appFunctions(folder, Object.fromEntries(modules), await readEnvironment(cwd, env));
  const machines = [];
  for (const [name, path] of Object.entries(local.machines ?? {})) {
    const missing = !existsSync(resolve(folder, path));
    const linted = missing ? [] : await lintFiles(lintSources(folder, [path], undefined, holdsMachine));
    machines.push({ name, path, missing, findings: linted.flatMap(({ findings }) => findings) });
  }
  return { functions, machines };
}

async function printPolicy(context: Context, commands: string[]): Promise<ExitCode> {
  const target = context.targetNamed ? await context.connect({ changes: false }) : {};
  const policy = policyFor(commands, policyScope(target));
  context.out.document(policy, [JSON.stringify(policy, null, 2)]);
  return exitCodes.ok;
}
