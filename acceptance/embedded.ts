import { join } from 'node:path';
import type { Place, Start } from './process.js';
import { functionNames } from './provide.js';

export interface Embedded {
  endpoint: string;
  stop(): Promise<void>;
}

/** The embedded server that ships, with the functions of the kit; their names begin so or so. */
export async function startEmbedded(start: Start, place: Place, beginnings: string[]): Promise<Embedded> {
  const code = join(place.root, 'acceptance/functions/index.handler');
  const functions = beginnings.flatMap((beginning) =>
    functionNames.flatMap((name) => ['--functions', `${beginning}-${name}=${code}`]),
  );
  const args = ['dev', '--port', '0', '-o', 'json', '--data-dir', join(place.cwd, 'server')];
  const { waitFor, end, done } = start([...args, ...functions], place);
  const said = await waitFor(/^\{.*"ready":true.*\}$/m).catch(({ message }: Error) => {
    throw new Error(`the embedded server did not start: ${message}`);
  });
  const line = said.split('\n').find((one) => one.includes('"ready":true')) ?? '{}';
  return {
    endpoint: (JSON.parse(line) as { endpoint: string }).endpoint,
    async stop() {
      end();
      await done;
    },
  };
}
