import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { redactTokens } from '../../workflow/history/redact.js';
import type { Run } from '../shell/command.js';
import type { Context, ServedLocal, ServeOptions } from '../shell/context.js';
import { exitCodeOf, leavingBy } from '../shell/interrupted.js';
import type { declaration } from './dev.js';

export const run: Run<typeof declaration> = async (context, _args, options) => {
  // A function may print the token that it was given.
  const log = (line: string): void => context.err.notice(redactTokens(line));
  const settings = serveOptions(options);
  if (context.dryRun) return wouldServe(context, settings);
  const served = await context.serve({ ...settings, log });
  announce(context, served, options.timeScale === '1' ? '' : `, time scale ${options.timeScale}`);
  try {
    await Promise.race([served.failed, interrupted(context.signal)]);
  } finally {
    await served.stop();
  }
  context.err.notice('Stopped. What was running goes on at the next start.');
  return exitCodeOf(leavingBy(context.signal));
};

function wouldServe(context: Context, { host, port, reset = false }: Omit<ServeOptions, 'log'>): ExitCode {
  context.out.json({ dryRun: true, host, port, reset });
  context.out.line(
    `Would serve on ${host}, port ${port}${reset ? ', on an emptied data directory' : ''}; nothing was started.`,
  );
  return exitCodes.ok;
}

function announce(context: Context, served: ServedLocal, time: string): void {
  const { endpoint, dataDir, eventSources } = served;
  const sources = eventSources.map(({ kind, name, endpoint: from }) => ({ [kind]: name, endpoint: from }));
  context.out.json({
    ready: true,
    endpoint,
    dataDir,
    pid: process.pid,
    ...(sources.length > 0 && { eventSources: sources }),
  });
  context.out.line(`The local server (for development only) answers at ${endpoint}`);
  context.out.line(`  data   ${dataDir} (durable: it survives restarts and kill -9)${time}`);
  for (const { kind, name, endpoint: from } of eventSources)
    context.out.line(`  events ${kind} ${name} at ${from}`);
  context.out.line(`  try    aws --endpoint-url ${endpoint} stepfunctions list-state-machines`);
  context.out.line('  Ctrl-C stops it');
}

const interrupted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });

function serveOptions(options: Record<string, unknown>): Omit<ServeOptions, 'log'> {
  return {
    port: portOf('--port', options.port),
    s3Port: portOf('--s3-port', options.s3Port),
    host: options.host as string,
    allowedHosts: options.allowedHost as string[] | undefined,
    functions: functionsOf(options.functions as string[] | undefined),
    lambdaEndpoint: urlOf('--lambda-endpoint', options.lambdaEndpoint),
    serviceEndpoints: endpointsOf(options.serviceEndpoint as string[] | undefined),
    mocks: options.mocks as string | undefined,
    template: options.template as string | undefined,
    retentionDays: daysOf(options.retention),
    timeScale: scaleOf(options.timeScale),
    throttle: options.throttle === true,
    eventSources: options.eventSources === true,
    reset: options.reset === true,
  };
}

function portOf(flag: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const port = Number(value);
  if (/^\d+$/.test(String(value)) && port <= 65_535) return port;
  throw badFlag(flag, `${value} is no port`, 'a number from 0 (a free one) to 65535');
}

function scaleOf(value: unknown): number {
  const scale = Number(value);
  if (value !== '' && scale >= 0 && scale <= 1000) return scale;
  throw badFlag('--time-scale', `${value} is no scale`, 'a number from 0 (no waiting) on; 1 is real time');
}

function daysOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const days = Number(value);
  if (value !== '' && days > 0 && days < 36_500) return days;
  throw badFlag('--retention', `${value} is no number of days`, 'a number above 0, such as 7 or 0.5');
}

const functionsOf = (pairs: string[] | undefined): Record<string, string> | undefined =>
  pairsOf('--functions', pairs, "NAME=SPEC, as in '*=./dist/main.handler'");

function endpointsOf(pairs: string[] | undefined): Record<string, string> | undefined {
  const flag = '--service-endpoint';
  const endpoints = pairsOf(flag, pairs, 'SERVICE=URL, as in dynamodb=http://127.0.0.1:8000');
  for (const url of Object.values(endpoints ?? {})) urlOf(flag, url);
  return endpoints;
}

function pairsOf(
  flag: string,
  pairs: string[] | undefined,
  form: string,
): Record<string, string> | undefined {
  if (pairs === undefined) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
      if (name !== undefined && value !== undefined) return [name, value];
      throw badFlag(flag, `${pair} is no pair of a name and what stands for it`, form);
    }),
  );
}

function urlOf(flag: string, value: unknown): string | undefined {
  if (value === undefined || (URL.canParse(String(value)) && /^https?:/.test(String(value)))) {
    return value as string | undefined;
  }
  throw badFlag(flag, `${value} is no http URL`, `${flag} http://127.0.0.1:3002`);
}

const badFlag = (where: string, message: string, hint: string): FlowError =>
  new FlowError(exitCodes.usage, 'BadUsage', message, { where, hint });
