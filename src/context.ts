import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Context, Target } from './cli/command.js';
import { confirmChange } from './cli/confirm.js';
import { createErr, createOut } from './cli/output.js';
import type { GlobalFlags } from './cli/program.js';
import { readTerminal } from './cli/terminal.js';
import { defaultDataDir, type FlowConfig, findUpwards, readConfig } from './config/config.js';
import { parseDotenv } from './config/dotenv.js';
import { localAccount, resolveTarget, type TargetSettings } from './config/target.js';
import { exitCodes, FlowError } from './errors.js';
import type { LocalConnection } from './local-connection.js';
import type { World } from './world.js';

/** The context of one command run, and what has to be closed after it. */
export function createContext(
  world: World,
  flags: GlobalFlags,
  args: (string | string[] | undefined)[],
  signal: AbortSignal,
): Context & { close(): Promise<void> } {
  const { clock, env, cwd } = world;
  const terminal = readTerminal(world, flags.color);
  const err = createErr(
    { quiet: flags.quiet, verbose: flags.verbose, mode: flags.output },
    world.stderr,
    terminal,
    clock.now,
  );
  let config: FlowConfig | undefined;
  let local: LocalConnection | undefined;
  let target: Promise<Target> | undefined;
  const readOnce = (): FlowConfig => (config ??= readConfig(cwd));
  const dataDir = (): string => {
    const given = flags.dataDir ?? (env.MBC_FLOW_DATA_DIR || undefined);
    return given === undefined ? defaultDataDir(cwd) : resolve(cwd, given);
  };

  const connect = async (changes: boolean): Promise<Target> => {
    const dotenvFile = findUpwards(cwd, '.env');
    const dotenv = dotenvFile === undefined ? {} : parseDotenv(readFileSync(dotenvFile, 'utf8'), env);
    const settings = resolveTarget(flags, readOnce(), env, dotenv, arnAmong(args.flat()));
    const [{ createTarget }, { connectLocal, localOptions }] = await Promise.all([
      import('./target.js'),
      import('./local-connection.js'),
    ]);
    if (settings.kind === 'local') {
      const options = {
        ...localOptions(readOnce(), resolve),
        dataDir: dataDir(),
        execute: changes,
        log: err.verbose,
      };
      local = connectLocal(options, clock);
    }
    return await createTarget({
      settings,
      local,
      dataDir: dataDir(),
      appBucket: dotenv.S3_BUCKET_NAME ?? env.S3_BUCKET_NAME,
      clock,
      verbose: err.verbose,
      last: lastExecution(world, settings, dataDir()),
      confirm: (where, what, ask) =>
        confirmChange({
          what,
          targetName: where.name,
          protected: where.protected,
          ask,
          yes: flags.yes,
          interactive: terminal.stdinIsTTY && terminal.stderrIsTTY && flags.output === 'text',
          tell: err.notice,
          question: (text) => question(world, text, signal),
        }),
    });
  };

  return {
    output: flags.output,
    quiet: flags.quiet,
    verbose: flags.verbose,
    yes: flags.yes,
    dryRun: flags.dryRun,
    cwd,
    env,
    stdin: world.stdin,
    terminal,
    out: createOut(flags.output, world.stdout, terminal.stdoutIsTTY),
    err,
    clock,
    signal,
    connect: ({ changes }) => (target ??= connect(changes)),
    async serve(options) {
      const [{ serveLocal }, { localOptions }] = await Promise.all([
        import('./serve-local.js'),
        import('./local-connection.js'),
      ]);
      return await serveLocal(localOptions(readOnce(), resolve), dataDir(), cwd, options);
    },
    close: async () => local?.close(),
  };
}

/** Region and account of the first Step Functions ARN (or console URL) among the arguments. */
function arnAmong(args: (string | undefined)[]): { region: string; account: string } | undefined {
  for (const arg of args) {
    const match = /arn:[\w-]+:states:([\w-]+):(\d+):/.exec(arg ?? '');
    if (match?.[1] && match[2]) return { region: match[1], account: match[2] };
  }
  return undefined;
}

/** What `@last` means: for the local server kept with its data, for others in the user's state directory. */
function lastExecution(world: World, settings: TargetSettings, dataDir: string) {
  const state = world.env.XDG_STATE_HOME || resolve(world.home, '.local/state');
  const place = [settings.name, settings.profile, settings.region, settings.endpoints.states].join('|');
  const name = createHash('sha256').update(place).digest('hex').slice(0, 16);
  const isLocal = settings.kind === 'local' || settings.account === localAccount;
  const folder = isLocal && settings.kind === 'local' ? dataDir : resolve(state, 'mbc-flow');
  const file = resolve(folder, settings.kind === 'local' ? 'last.json' : `last-${name}.json`);
  return {
    async read(): Promise<string | undefined> {
      if (!existsSync(file)) return undefined;
      return (JSON.parse(readFileSync(file, 'utf8')) as { executionArn: string }).executionArn;
    },
    async write(executionArn: string): Promise<void> {
      const { mkdir, rename, writeFile } = await import('node:fs/promises');
      await mkdir(folder, { recursive: true });
      await writeFile(`${file}.new`, JSON.stringify({ executionArn }), { mode: 0o600 });
      await rename(`${file}.new`, file);
    },
  };
}

async function question(world: World, text: string, signal: AbortSignal): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: world.stdin, output: world.stderr });
  try {
    return await lines.question(text, { signal });
  } catch {
    throw new FlowError(exitCodes.interrupted, 'Declined', 'Nothing was changed.');
  } finally {
    lines.close();
  }
}
