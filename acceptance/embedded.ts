import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Place, startBinary } from './process.js';
import { functionNames } from './provide.js';

export interface Embedded {
  endpoint: string;
  stop(): Promise<void>;
}

/** The embedded server that ships, with the functions of the kit; their names begin so or so. */
export async function startEmbedded(place: Place, beginnings: string[]): Promise<Embedded> {
  const code = join(place.root, 'acceptance/functions/index.handler');
  const functions = beginnings.flatMap((beginning) =>
    functionNames.flatMap((name) => ['--functions', `${beginning}-${name}=${code}`]),
  );
  const args = ['dev', '--port', '0', '-o', 'json', '--data-dir', join(place.cwd, 'server')];
  const child = startBinary([...args, ...functions], place);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += String(chunk);
  });
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const endpoint = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const { ready, endpoint } = JSON.parse(line) as { ready?: boolean; endpoint?: string };
      if (ready && endpoint) resolve(endpoint);
    });
    void closed.then(() => reject(new Error(`the embedded server did not start: ${said}`)));
  });
  return {
    endpoint,
    async stop() {
      child.kill('SIGTERM');
      await closed;
    },
  };
}
