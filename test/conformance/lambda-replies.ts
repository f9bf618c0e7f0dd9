import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A Lambda endpoint whose functions all answer what they are told to. */
export async function lambdaReplies(): Promise<{ url: string; reply: (payload: string) => void }> {
  let next = 'null';
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end(next));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    reply(payload) {
      next = payload;
    },
  };
}
