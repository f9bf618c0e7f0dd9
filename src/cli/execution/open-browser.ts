import { spawn } from 'node:child_process';
import type { Context } from '../shell/context.js';

/** The system's own way to open an address; where there is none, the printed address has to do. */
export async function browse({ env }: Pick<Context, 'env'>, url: string): Promise<void> {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : [env.BROWSER || 'xdg-open', url];
  await new Promise<void>((resolve) => {
    const child = spawn(command ?? 'xdg-open', args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve());
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}
