import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { type Asker, askOnTerminal, confirmChange } from '../cli/shell/confirm.js';
import type { Context } from '../cli/shell/context.js';
import { createErr } from '../cli/shell/messages.js';
import { createPrinter } from '../cli/shell/printer.js';
import type { GlobalFlags } from '../cli/shell/program.js';
import type { Target } from '../cli/shell/target.js';
import { readTerminal } from '../cli/shell/terminal.js';
import { createWaits } from '../cli/shell/waits.js';
import { configFiles, defaultDataDir, type FlowConfig, readConfig } from '../config/config.js';
import { readEnvironment } from '../config/environment.js';
import { type ArnPlace, resolveTarget, type TargetFlags } from '../config/resolve-target.js';
import type { FlowError } from '../errors.js';
import { auditFile, auditTrailLeft } from '../files/kept/audit-file.js';
import { executionMemory } from '../files/kept/execution-memory.js';
import { fileJournal } from '../files/kept/file-journal.js';
import { lastExecution, placeOf } from '../files/kept/last-execution.js';
import { nameCache } from '../files/kept/name-cache.js';
import { watchFiles } from '../files/watch-files.js';
import { localAccount, localRegion } from '../framework/conventions.js';
import { visible } from '../views/text/safe-text.js';
import type { World } from '../world.js';
import type { Carried, LocalConnection } from './local/connection.js';
import { readItems } from './read-items.js';
import { arnAmong } from './target/arn-among.js';
import type { Audited } from './target/audited.js';
import type { TargetNeeds } from './target/connect-target.js';
import { trialEvaluator } from './trial-evaluator.js';

/** The context of one command run, and what has to be closed after it. */
export function createContext(
  world: World,
  flags: GlobalFlags,
  args: (string | string[] | undefined)[],
  signal: AbortSignal,
  command: string,
): Context & { close(): Promise<void>; auditFault(): FlowError | undefined; deniedActions(): string[] } {
  const { clock, env, cwd } = world;
  const terminal = readTerminal(world, flags);
  let lastShown = clock.now();
  const shown = (): void => {
    lastShown = clock.now();
  };
  const err = createErr(
    { quiet: flags.quiet, verbose: flags.verbose, mode: flags.output },
    world.stderr,
    terminal,
    clock.now,
    shown,
  );
  const waits = createWaits({ clock, lastShown: () => lastShown, tell: err.notice });
  let readOnce: FlowConfig | undefined;
  let local: LocalConnection | undefined;
  const closing: (() => void)[] = [];
  const recording: Audited[] = [];
  const denied = new Set<string>();
  let target: Promise<Target> | undefined;
  let here: Promise<Target> | undefined;
  const stateDir = baseFolder(env.XDG_STATE_HOME, join(world.home, '.local/state'));
  const config = (): FlowConfig => {
    readOnce ??= readConfig(cwd);
    return readOnce;
  };
  const dataDir = (): string => {
    const given = flags.dataDir ?? (env.MBC_FLOW_DATA_DIR || undefined);
    return given === undefined ? defaultDataDir(cwd) : resolve(cwd, given);
  };
  let asker: Asker | undefined;
  const confirm: TargetNeeds['confirm'] = (where, what, { ask, several }) =>
    confirmChange({
      what,
      targetName: where.name,
      protected: where.protected,
      loopback: where.loopback,
      ask,
      several,
      yes: flags.yes,
      signal,
      interactive:
        asker !== undefined || (terminal.stdinIsTTY && terminal.stderrIsTTY && flags.output === 'text'),
      tell: asker?.tell ?? err.notice,
      question:
        asker?.question ?? ((text) => askOnTerminal(visible(text), world.stdin, world.stderr, signal)),
    });

  const trial = trialEvaluator(signal);
  const forgotten = new Set<string>();
  /** A home directory that is not writable (read-only, full) fails no command; it is reported once. */
  const notKept =
    (what: string) =>
    ({ message }: Error): void => {
      if (forgotten.has(what)) return;
      forgotten.add(what);
      err.notice(`${what} cannot be saved: ${message}`);
    };

  const connect = async (
    named: TargetFlags,
    {
      changes,
      arn,
      scratch = flags.dryRun,
      carry,
      takeOver,
    }: { changes: boolean; arn?: ArnPlace; scratch?: boolean; carry?: boolean; takeOver?: boolean },
  ): Promise<Target> => {
    const app = await readEnvironment(cwd, env);
    let settings = resolveTarget(named, config(), env, app, arn);
    const { createTarget } = await import('./target/connect-target.js');
    let directory = dataDir();
    if (settings.kind === 'local') {
      const { carriedSettings, connectLocal, findLocalPlace, localOptions } = await import(
        './local/laptop.js'
      );
      const given = flags.dataDir === undefined ? undefined : directory;
      const place = await findLocalPlace(settings, given);
      settings = place.settings;
      if (place.other !== undefined) {
        err.notice(`Step Functions is what answers at ${place.other} (SFN_ENDPOINT).`);
      } else {
        directory = place.dataDir ?? directory;
        // A dry run resumes no saved executions and creates no data directory.
        const used = scratch ? scratchUnlessThere(directory) : { path: directory };
        if (used.remove) closing.push(used.remove);
        const execute = changes && !flags.dryRun;
        const log = err.verbose;
        const settings = async (): Promise<Carried> => {
          if (!execute) return { ...localOptions(config(), app), port: 0, execute, log };
          const { flags: given, ...carried } = await carriedSettings(used.path, cwd, env);
          const told = `No mbc-flow dev is running; this command runs the local server as it was last started: dev ${given}`;
          return { ...carried, log, onCarried: given === '' ? undefined : () => err.notice(told) };
        };
        local = connectLocal(used.path, settings, clock, waits, {
          running: place.endpoint,
          carry,
          takeOver,
          changes: execute,
        });
      }
    }
    const cacheDir = baseFolder(env.XDG_CACHE_HOME, join(world.home, '.cache'));
    const place = placeOf(settings, directory);
    return await createTarget({
      settings,
      local,
      dataDir: directory,
      appBucket: app.S3_BUCKET_NAME,
      clock,
      waits,
      signal,
      verbose: err.verbose,
      denied: (action) => void denied.add(action),
      last: lastExecution(settings, directory, stateDir, notKept('@last')),
      memory: executionMemory(place, cacheDir),
      journal: fileJournal('imports', place, cacheDir, notKept('the progress of the import')),
      batches: fileJournal('batches', place, cacheDir, notKept('the batch')),
      batchItems: fileJournal('batch-items', place, cacheDir, notKept('the items of the batch')),
      confirm,
      command,
      keepEntry: auditTrailLeft(stateDir),
      onAudited: (audited) => void recording.push(audited),
    });
  };

  const targetName = (): string =>
    flags.local ? 'local' : (flags.target ?? (env.MBC_FLOW_TARGET || config().defaultTarget || 'local'));
  const consolePlace = (name: string): string =>
    JSON.stringify(
      name === 'local' && flags.endpointUrl === undefined && flags.profile === undefined
        ? ['local', dataDir()]
        : [name, config().folder, flags.profile, flags.region, flags.endpointUrl],
    );
  const connectOnce: Context['connect'] = ({ changes, carry, takeOver }) => {
    target ??= connect(flags, { changes, carry, takeOver, arn: arnAmong(args.flat()) });
    return target;
  };
  const connectHere = async (): Promise<Target> => {
    const chosen = await target;
    if (chosen?.name === 'local') return chosen;
    here ??= connect({ local: true }, { changes: false, scratch: true });
    return await here;
  };
  return {
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
    out: createPrinter(flags.output, world.stdout, terminal.stdoutIsTTY, shown),
    err,
    alert: terminal.stderrIsTTY ? (sequence) => void world.stderr.write(sequence) : undefined,
    clock,
    waits,
    signal,
    machineFiles() {
      const { folder, local } = config();
      const machines = Object.entries(local.machines ?? {});
      return Object.fromEntries(machines.map(([name, file]) => [name, resolve(folder, file)]));
    },
    watchFiles,
    names: nameCache(
      (named = targetName()) =>
        JSON.stringify([named, flags.profile, flags.region, flags.endpointUrl, dataDir()]),
      baseFolder(env.XDG_CACHE_HOME, join(world.home, '.cache')),
      clock.now,
    ),
    evaluate: trial.evaluate,
    readItems,
    audit: auditFile(stateDir),
    askThrough(given) {
      asker = given;
      return () => {
        asker = undefined;
      };
    },
    connect: connectOnce,
    async auditTrail() {
      const settings = resolveTarget(flags, config(), env, await readEnvironment(cwd, env));
      return settings.audit === undefined ? undefined : (await connectOnce({ changes: false })).trail;
    },
    connectLocal: connectHere,
    async connectNamed(name) {
      if (name === 'local') return await connectHere();
      if (!Object.hasOwn(config().targets, name)) return undefined;
      const chosen = await target;
      return chosen?.name === name ? chosen : await connect({ target: name }, { changes: false });
    },
    async serve(options) {
      const [{ serveLocal }, { servedSettings }] = await Promise.all([
        import('./local/serve-local.js'),
        import('./local/laptop.js'),
      ]);
      if (options.reset) {
        const where = `local (account ${localAccount}, ${localRegion}, data in ${dataDir()})`;
        const what = 'delete all state machines, executions and objects in it';
        await confirm({ name: 'local', protected: false, loopback: true }, `${where}: ${what}`, {
          ask: true,
          several: false,
        });
      }
      let files = configFiles(cwd, config());
      const load = async () => {
        const settings = await servedSettings(cwd, env, options);
        files = configFiles(cwd, readConfig(cwd));
        return settings;
      };
      return await serveLocal({ load, watched: () => files, dataDir: dataDir(), cwd, env }, options);
    },
    deniedActions: () => [...denied].sort(),
    auditFault: () => recording.map((one) => one.fault()).find((fault) => fault !== undefined),
    async serveConsole(options) {
      const { serveConsole } = await import('./serve-console.js');
      const changes = options.readOnly !== true;
      const connectTo = (): Promise<Target> =>
        options.here
          ? connect({ local: true }, { changes, carry: false, takeOver: false })
          : connectOnce({ changes, takeOver: false });
      const place = consolePlace(options.here ? 'local' : targetName());
      return await serveConsole(
        { context: this, stateDir, place, onLost: notKept('the address of the UI') },
        options,
        connectTo,
      );
    },
    async linkToConsole() {
      const { linkToConsole } = await import('./serve-console.js');
      return await linkToConsole({ context: this, stateDir, place: consolePlace(targetName()) });
    },
    onClose: (task) => void closing.push(task),
    async close() {
      await Promise.all([local?.close(), trial.close()]);
      for (const task of closing) task();
    },
  };
}

/** The XDG specification has relative paths ignored. */
const baseFolder = (given: string | undefined, otherwise: string): string =>
  given !== undefined && isAbsolute(given) ? given : otherwise;

function scratchUnlessThere(path: string): { path: string; remove?: () => void } {
  if (existsSync(path)) return { path };
  const scratch = mkdtempSync(join(tmpdir(), 'mbc-flow-dry-run-'));
  return { path: scratch, remove: () => rmSync(scratch, { recursive: true, force: true }) };
}
