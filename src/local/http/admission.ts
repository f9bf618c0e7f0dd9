import type { IncomingMessage } from 'node:http';

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

export const isLoopback = (host: string): boolean => loopbackNames.has(host) || host.endsWith('.localhost');

/**
 * Refuses what a web page could send to a server on loopback: a Host that is none of ours (DNS rebinding) or a
 * foreign Origin. Undefined when the request may pass.
 */
export function refusal(request: IncomingMessage, allowedHosts: ReadonlySet<string>): string | undefined {
  const host = hostName(request.headers.host);
  if (!isAllowed(host, allowedHosts)) {
    return `the host name ${host || '(none)'} is not served here; --allowed-host admits it`;
  }
  const { origin } = request.headers;
  if (origin !== undefined && !isAllowed(originHost(origin), allowedHosts)) {
    return `requests of the origin ${origin} are not served here; --allowed-host admits its host`;
  }
  return undefined;
}

function isAllowed(host: string, allowedHosts: ReadonlySet<string>): boolean {
  return isLoopback(host) || allowedHosts.has(host);
}

/** Without the port, lower case. */
function hostName(header: string | undefined): string {
  return (header ?? '').toLowerCase().replace(/:\d+$/, '');
}

function originHost(origin: string): string {
  try {
    return new URL(origin).hostname.toLowerCase();
  } catch {
    return '';
  }
}
