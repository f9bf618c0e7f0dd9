import { resolve } from 'node:path';
import type { Context } from '../cli/shell/context.js';
import { withReach } from '../cli/shell/hint-target-flags.js';
import type { GlobalFlags } from '../cli/shell/parse-command-line.js';
import { createPrinter } from '../cli/shell/printer.js';
import { configFiles } from '../config/config.js';
import { FlowError } from '../errors.js';
import { auditFile } from '../files/kept/audit-file.js';
import { nameCache } from '../files/kept/name-cache.js';
import { watchFiles } from '../files/watch-files.js';
import type { World } from '../world.js';
import { createCommandRun } from './command-run.js';
import { createAsking } from './confirm.js';
import { readItems } from './read-items.js';
import { createServing } from './serving.js';
import { createTargets } from './target/targets.js';
import { trialEvaluator } from './trial-evaluator.js';

/** The context of one command run, and what has to be closed after it. */
export function createContext(
  world: World,
  flags: GlobalFlags,
  args: (string | string[] | undefined)[],
  signal: AbortSignal,
  command: string,
): Context & {
  close(): Promise<void>;
  /** An error whose hint has the flags that reach the target of this run. */
  reaching(error: unknown): unknown;
  auditFault(): FlowError | undefined;
  deniedActions(): string[];
} {
  const { clock, env, cwd } = world;
  const run = createCommandRun(world, flags, command, signal);
  const { terminal, config, dataDir, stateDir, cacheDir } = run;
  const { confirm, askThrough } = createAsking(run);
  const targets = createTargets(run, args, confirm);
  const trial = trialEvaluator(signal);
  const context: ReturnType<typeof createContext> = {
    quiet: flags.quiet,
    verbose: flags.verbose,
    yes: flags.yes,
    dryRun: flags.dryRun,
    targetNamed: [flags.target, flags.local, flags.profile, flags.endpointUrl].some(
      (flag) => flag !== undefined,
    ),
    cwd,
    env,
    get stdin() {
      return world.stdin;
    },
    terminal,
    screen:
      flags.output === 'text' && terminal.stdoutIsTTY && env.TERM !== 'dumb'
        ? () => ({ stdin: world.stdin, stdout: world.stdout as NodeJS.WriteStream })
        : undefined,
    out: createPrinter(flags.output, world.stdout, terminal.stdoutIsTTY, run.shown),
    err: run.err,
    alert: terminal.stderrIsTTY ? (sequence) => void world.stderr.write(sequence) : undefined,
    clock,
    waits: run.waits,
    signal,
    forgetConfig: targets.forgetConfig,
    configFiles: () => configFiles(cwd, config()),
    machineFiles() {
      const { folder, local } = config();
      const machines = Object.entries(local.machines ?? {});
      return Object.fromEntries(machines.map(([name, file]) => [name, resolve(folder, file)]));
    },
    watchFiles,
    names: nameCache(
      (named = targets.name()) =>
        JSON.stringify([named, flags.profile, flags.region, flags.endpointUrl, dataDir()]),
      cacheDir,
      clock.now,
    ),
    evaluate: trial.evaluate,
    readItems,
    audit: auditFile(stateDir),
    askThrough,
    connect: targets.connect,
    connectLocal: targets.connectLocal,
    connectNamed: targets.connectNamed,
    auditTrail: targets.auditTrail,
    ...createServing(run, targets, confirm, () => context),
    reaching: (error) => (error instanceof FlowError ? withReach(error, run.reach) : error),
    deniedActions: targets.deniedActions,
    auditFault: targets.auditFault,
    onClose: run.onClose,
    async close() {
      await Promise.all([targets.close(), trial.close()]);
      run.close();
    },
  };
  return context;
}
