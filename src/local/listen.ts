import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * @param background its sockets do not keep the process alive
 * @throws the listen error (EADDRINUSE)
 */
export function listen(
  listener: RequestListener,
  host: string,
  port: number,
  background = false,
): Promise<Server> {
  // Uploads of large files take their time; node would cut them after five minutes.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 65_000 }, listener);
  if (background) server.on('connection', (socket) => socket.unref());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      if (background) server.unref();
      resolve(server);
    });
  });
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** `http://127.0.0.1:8083` */
export function endpointOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
