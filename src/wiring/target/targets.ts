import type { Context } from '../../cli/shell/context.js';
import type { Target } from '../../cli/shell/target.js';
import { appBucket } from '../../config/app-environment.js';
import { readEnvironment } from '../../config/environment.js';
import { type ArnPlace, resolveTarget, type TargetSettings } from '../../config/resolve-target.js';
import type { TargetFlags } from '../../config/target-flags.js';
import type { FlowError } from '../../errors.js';
import { auditTrailLeft } from '../../files/kept/audit-file.js';
import { executionMemory } from '../../files/kept/execution-memory.js';
import { fileJournal } from '../../files/kept/file-journal.js';
import { lastExecution, placeOf } from '../../files/kept/last-execution.js';
import { type CommandRun, dataDirAsTyped } from '../command-run.js';
import type { Confirm } from '../confirm.js';
import { createOwnServer, type ServerWishes } from '../local/own-server.js';
import { arnAmong } from './arn-in-arguments.js';
import type { Audited } from './audited-gateways.js';

type Connects = Pick<Context, 'connect' | 'connectLocal' | 'connectNamed' | 'auditTrail' | 'forgetConfig'>;

/** The targets that one command run connects to. */
export interface Targets extends Connects {
  /** The one that the flags name, without connecting to it. */
  name(): string;
  /** The local server, whatever target the flags name, and not shared with the rest of the command. */
  ownLocal(wishes: ServerWishes): Promise<Target>;
  /** Of a change that could not be recorded though it was made. */
  auditFault(): FlowError | undefined;
  /** Actions that the credentials lack, and that could be done without. */
  deniedActions(): string[];
  close(): Promise<void>;
}

export function createTargets(
  run: CommandRun,
  args: (string | string[] | undefined)[],
  confirm: Confirm,
): Targets {
  const { flags, config, stateDir, cacheDir, notKept } = run;
  const { clock, env, cwd } = run.world;
  const server = createOwnServer(run);
  const recording: Audited[] = [];
  const denied = new Set<string>();
  let target: Promise<Target> | undefined;
  let here: Promise<Target> | undefined;

  const connectTo = async (
    named: TargetFlags,
    wishes: ServerWishes,
    arn?: ArnPlace,
    chosen = false,
  ): Promise<Target> => {
    const app = await readEnvironment(cwd, env);
    const resolved = withDataDir(resolveTarget(named, config(), env, app, arn), flags.dataDir);
    if (chosen) run.reach = resolved.flagsForHints;
    const { connectTarget } = await import('./connect-target.js');
    const { settings, dataDir, local } = await server.behind(resolved, app, wishes);
    const place = placeOf(settings, dataDir);
    return await connectTarget({
      settings,
      local,
      dataDir,
      appBucket: appBucket(app),
      clock,
      waits: run.waits,
      signal: run.signal,
      verbose: run.err.verbose,
      denied: (action) => void denied.add(action),
      last: lastExecution(settings, dataDir, stateDir, notKept('@last')),
      memory: executionMemory(place, cacheDir),
      journal: fileJournal('imports', place, cacheDir, notKept('the progress of the import')),
      batches: fileJournal('batches', place, cacheDir, notKept('the batch')),
      batchItems: fileJournal('batch-items', place, cacheDir, notKept('the items of the batch')),
      confirm,
      command: run.command,
      keepEntry: auditTrailLeft(stateDir),
      onAudited: (audited) => void recording.push(audited),
    });
  };
  const connect: Connects['connect'] = (wishes) => {
    target ??= connectTo(flags, wishes, arnAmong(args.flat()), true);
    return target;
  };
  const connectLocal = async (): Promise<Target> => {
    const chosen = await target;
    if (chosen?.name === 'local') return chosen;
    here ??= connectTo({ local: true }, { changes: false, scratch: true });
    return await here;
  };
  return {
    connect,
    connectLocal,
    async connectNamed(name) {
      if (name === 'local') return await connectLocal();
      if (!Object.hasOwn(config().targets, name)) return undefined;
      const chosen = await target;
      return chosen?.name === name ? chosen : await connectTo({ target: name }, { changes: false });
    },
    async forgetConfig() {
      run.forgetConfig();
      // A server of this process's own has it no other way.
      here = undefined;
      await server.close();
    },
    ownLocal: (wishes) => connectTo({ local: true }, wishes),
    async auditTrail() {
      const { audit } = resolveTarget(flags, config(), env, await readEnvironment(cwd, env));
      return audit === undefined ? undefined : (await connect({ changes: false })).trail;
    },
    name: () =>
      flags.local ? 'local' : (flags.target ?? (env.MBC_FLOW_TARGET || config().defaultTarget || 'local')),
    auditFault: () => recording.map((one) => one.fault()).find((fault) => fault !== undefined),
    deniedActions: () => [...denied].sort(),
    close: () => server.close(),
  };
}

/** What reaches a local server again is where its data are, too. */
const withDataDir = (settings: TargetSettings, dataDir: string | undefined): TargetSettings =>
  settings.kind === 'local'
    ? { ...settings, flagsForHints: settings.flagsForHints + dataDirAsTyped(dataDir) }
    : settings;
