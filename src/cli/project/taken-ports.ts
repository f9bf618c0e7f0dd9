import { connect } from 'node:net';
import type { TakenPort } from '../../operations/doctor/examine-host.js';

/** Those of these ports of this machine that somebody listens on, and whether that is a local server of ours. */
export async function takenPorts(ports: number[]): Promise<TakenPort[]> {
  const found = await Promise.all(
    ports.map(async (port) => ((await isTaken(port)) ? [{ port, own: await isOwn(port) }] : [])),
  );
  const taken = found.flat();
  // Its port for S3 answers with buckets alone.
  const serves = taken.some(({ own }) => own);
  return taken.map(({ port, own }) => ({ port, own: own || (serves && port === s3Port) }));
}

const s3Port = 4566;

/** Nobody else answers to its clock. */
async function isOwn(port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(1000);
    const response = await fetch(`http://127.0.0.1:${port}/_mbc-flow/clock`, { signal });
    return response.ok && 'timeScale' in ((await response.json()) as object);
  } catch {
    return false;
  }
}

const isTaken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 300 });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
