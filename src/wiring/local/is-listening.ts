import { connect } from 'node:net';

/** True where somebody takes connections at the address of a URL. */
export function listens(url: string, patience = 1_000): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80) });
    const decide = (found: boolean): void => {
      socket.destroy();
      resolve(found);
    };
    socket.setTimeout(patience, () => decide(false));
    socket.once('connect', () => decide(true));
    socket.once('error', () => decide(false));
  });
}
