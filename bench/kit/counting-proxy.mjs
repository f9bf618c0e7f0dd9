import { once } from 'node:events';
import { createServer, request } from 'node:http';

/** Stands before a server and counts what goes through: calls and bytes of their bodies, in all and by operation. */
export async function startCountingProxy(target) {
  const { hostname, port } = new URL(target);
  let counts = empty();
  const server = createServer((incoming, outgoing) => {
    const operation = incoming.headers['x-amz-target']?.split('.').at(-1) ?? incoming.method;
    counts.calls++;
    counts.byOperation[operation] = (counts.byOperation[operation] ?? 0) + 1;
    const { method, url: path, headers } = incoming;
    const forwarded = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.on('data', (chunk) => {
        counts.bytes += chunk.length;
      });
      answer.pipe(outgoing);
    });
    incoming.on('data', (chunk) => {
      counts.bytes += chunk.length;
    });
    for (const [one, other] of [
      [incoming, forwarded],
      [forwarded, incoming],
    ])
      one.once('error', () => other.destroy());
    incoming.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    /** What was counted since this was asked last. */
    take() {
      const taken = counts;
      counts = empty();
      return taken;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const empty = () => ({ calls: 0, bytes: 0, byOperation: {} });
