import { aborted } from '../../ports/aborted.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';

interface Serving {
  port?: number;
  readOnly: boolean;
  /** In the browser, where there is a terminal. */
  open: boolean;
  /** Page to begin with. */
  path?: string;
}

/** Serves the console until Ctrl-C, and says where it is. */
export async function serveUntilLeft(
  context: Context,
  target: Target,
  { port, readOnly, open, path }: Serving,
): Promise<void> {
  const { out, terminal, signal } = context;
  const served = await context.serveConsole({ port, readOnly });
  try {
    const where = await target.describe();
    out.document(
      { ready: true, uiEndpoint: served.address, target: target.name, readOnly, pid: process.pid },
      [
        `The mbc-flow UI for ${where}${readOnly ? ', read-only,' : ''} is at`,
        // Whoever reads a log of it does not get in.
        `  ${terminal.stdoutIsTTY ? served.link(path) : served.address}`,
        '  Ctrl-C stops it',
      ],
    );
    if (open && out.forPeople && terminal.stdoutIsTTY) await served.open(path);
    await aborted(signal);
  } finally {
    await served.stop();
  }
}
