import type { FlowError } from '../errors.js';
import type { Limiter } from '../ports/limiter.js';
import type { Wait, Waits } from '../ports/waits.js';
import { isThrottle, toFlowError } from './errors.js';
import { pages } from './pages.js';

/** What all clients of one target share. */
export interface ClientSettings {
  region: string;
  profile?: string;
  /** Words that reach the same target again: ' --target prod'. */
  flagsForHints?: string;
  limiter: Limiter;
  /** Undefined: AWS's own endpoints. */
  endpoint?: string;
  /** Only a server that takes any: real credentials are never sent there. */
  anonymous: boolean;
  /** Where requests go instead while this is set: the local server may move between processes. */
  relocate?: Relocation;
  verbose: (line: string) => void;
  now: () => number;
  waits: Waits;
  /** Told of each IAM action that a call lacked, whatever becomes of the error. */
  denied?: (action: string) => void;
}

export interface Relocation {
  endpoint(): Promise<string>;
  /** The endpoint did not answer; resolves with one that does. */
  lost(endpoint: string): Promise<string>;
}

/** No response of AWS takes longer to start or to continue: after this, the connection is considered dead. */
const SILENCE_MS = 30_000;

/** Calls that take as long as the work that they wait for: never cut before it can have ended, and never made twice. */
export const longestCallMs = {
  StartSyncExecution: 330_000,
  Invoke: 930_000,
  StartLiveTail: 600_000,
} as const;

/** All that the SDK would look for in the environment and in ~/.aws: a server that takes any client is asked plainly. */
const unconfigured = () => ({
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  defaultsMode: 'legacy' as const,
  retryMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: '',
  authSchemePreference: [],
  disableClockSkewCorrection: false,
});

/**
 * Configuration that every SDK client takes.
 * @param longCall of a client of its own, for that operation alone
 */
export function sdkConfig(settings: ClientSettings, longCall?: keyof typeof longestCallMs) {
  const { endpoint, region, profile, anonymous } = settings;
  return {
    region,
    // Throttling by AWS needs patience; a server on this machine is either running or not.
    maxAttempts: longCall !== undefined ? 1 : anonymous ? 2 : 6,
    // A service that says nothing, or stops within an answer, is not waited for without end.
    requestHandler: {
      connectionTimeout: anonymous ? 3_000 : 10_000,
      socketTimeout: longCall === undefined ? SILENCE_MS : longestCallMs[longCall],
    },
    ...(profile !== undefined && { profile }),
    ...(endpoint !== undefined && { endpoint, disableHostPrefix: true }),
    ...(anonymous && unconfigured()),
  };
}

interface SdkClient {
  // The middleware stack's types differ from client to client; what we use of it does not.
  middlewareStack: { add(middleware: unknown, options: object): void };
}

interface Attempt {
  request: {
    hostname: string;
    port?: number;
    protocol: string;
    headers: Record<string, string>;
    body?: unknown;
  };
}
type Next = (attempt: Attempt) => Promise<{ response?: { headers?: Record<string, string> } }>;

/** Limits, redirects and (with -v) logs each attempt of a client's calls. */
export function equip<T extends SdkClient>(client: T, settings: ClientSettings): T {
  const { limiter, relocate, verbose, now } = settings;
  client.middlewareStack.add(
    (next: Next, { commandName = '' }: { commandName?: string }) =>
      async (attempt: Attempt) => {
        const operation = commandName.replace(/Command$/, '');
        await limiter.take(operation);
        const began = now();
        const tell = (outcome: string): void => verbose(`${operation} ${outcome} in ${now() - began} ms`);
        try {
          const result = await (relocate ? relocated(next, attempt, relocate) : next(attempt));
          const headers = result.response?.headers ?? {};
          tell(`ok ${headers['x-amzn-requestid'] ?? headers['x-amz-request-id'] ?? ''}`.trimEnd());
          return result;
        } catch (error) {
          if (isThrottle(error)) limiter.throttled(operation);
          tell(`failed (${(error as Error).name})`);
          throw error;
        }
      },
    { step: 'finalizeRequest', priority: 'low', name: 'mbcFlow' },
  );
  return client;
}

/** A server that lives and resets every connection is not looked for again and again. */
const MOST_MOVES = 5;

/** A server that went away did not answer; a request that may have been heard is repeated, as SDKs do. */
async function relocated(next: Next, attempt: Attempt, relocation: Relocation): ReturnType<Next> {
  let endpoint = await relocation.endpoint();
  for (let tries = 1; ; tries++) {
    aim(attempt, endpoint);
    try {
      return await next(attempt);
    } catch (error) {
      const { code = '' } = error as { code?: string };
      const { body } = attempt.request;
      const repeatable = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
      if (!repeatable || tries > MOST_MOVES || !/^(ECONNREFUSED|ECONNRESET|EPIPE)$/.test(code)) throw error;
      endpoint = await relocation.lost(endpoint);
    }
  }
}

function aim({ request }: Attempt, endpoint: string): void {
  const { hostname, port, protocol, host } = new URL(endpoint);
  Object.assign(request, {
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || undefined,
    protocol,
  });
  request.headers.host = host;
}

const waitFor = (operation: string, where: string): Wait => ({
  on: `the response to ${operation} (${where})`,
  missing:
    operation in longestCallMs
      ? 'the response arrives when the work has finished'
      : 'check the network connection; -v logs each attempt',
});

/** Sends a command, or a command for page after page; whatever goes wrong comes as a FlowError. */
export function sender(settings: ClientSettings, service: string) {
  // The local server's address changes from run to run and means nothing to users.
  const where = `${service}, ${settings.relocate ? 'local' : (settings.endpoint ?? settings.region)}`;
  const failure = (operation: string, error: unknown): Error => {
    const { profile, flagsForHints } = settings;
    const failed = toFlowError(error, { operation, profile, where, flagsForHints });
    const { details } = failed as FlowError;
    if (typeof details?.action === 'string') settings.denied?.(details.action);
    return failed;
  };
  const send = async <T>(operation: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await settings.waits.during(waitFor(operation, where), call);
    } catch (error) {
      throw failure(operation, error);
    }
  };
  /** `items`: what a page has brought. */
  const paged = <P extends { nextToken?: string }>(
    operation: string,
    call: (nextToken: string | undefined) => Promise<P>,
    items: (page: P) => unknown[] | undefined,
  ): AsyncGenerator<P> =>
    pages(
      operation,
      where,
      (page) => !items(page)?.length,
      (nextToken) => send(operation, () => call(nextToken)),
    );
  return Object.assign(send, { paged, failure, waits: settings.waits });
}
