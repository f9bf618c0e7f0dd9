import type { Context } from '../cli/shell/context.js';
import type { Target } from '../cli/shell/target.js';
import { configFiles, readConfig } from '../config/config.js';
import { localAccount, localRegion } from '../framework/conventions.js';
import type { CommandRun } from './command-run.js';
import type { Confirm } from './confirm.js';
import type { Targets } from './target/targets.js';

type Serving = Pick<Context, 'serve' | 'couldServe' | 'serveConsole' | 'linkToConsole'>;

/** The servers that a command may run in its process: the local one, and the console's. */
export function createServing(
  { world, flags, config, dataDir, stateDir, notKept }: CommandRun,
  targets: Targets,
  confirm: Confirm,
  context: () => Context,
): Serving {
  const { env, cwd } = world;
  /** Tells targets and data directories apart. */
  const consolePlace = (name: string): string =>
    JSON.stringify(
      name === 'local' && flags.endpointUrl === undefined && flags.profile === undefined
        ? ['local', dataDir()]
        : [name, config().folder, flags.profile, flags.region, flags.endpointUrl],
    );
  return {
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
    async couldServe(options) {
      const { refuseTaken } = await import('./local/serve-local.js');
      await refuseTaken(dataDir(), options);
    },
    async serveConsole(options) {
      const { serveConsole } = await import('./serve-console.js');
      const changes = options.readOnly !== true;
      const connect = (): Promise<Target> =>
        options.here
          ? targets.ownLocal({ changes, carry: false, takeOver: false })
          : targets.connect({ changes, takeOver: false });
      const place = consolePlace(options.here ? 'local' : targets.name());
      const onLost = notKept('the address of the UI');
      return await serveConsole({ context: context(), stateDir, place, onLost }, options, connect);
    },
    async linkToConsole() {
      const { linkToConsole } = await import('./serve-console.js');
      return await linkToConsole({ context: context(), stateDir, place: consolePlace(targets.name()) });
    },
  };
}
