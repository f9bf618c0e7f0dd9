import { appPorts } from '../../config/app-environment.js';
import { readEnvironment } from '../../config/environment.js';
import { type ExitCode, exitCodes } from '../../errors.js';
import { aborted } from '../../ports/aborted.js';
import { redactTokens } from '../../workflow/history/redact.js';
import type { Run } from '../shell/command.js';
import type { Context, ServedConsole, ServedLocal, ServeOptions } from '../shell/context.js';
import { exitCodeOf, leavingBy } from '../shell/interruption.js';
import type { declaration } from './dev.js';

export const run: Run<typeof declaration> = async (context, _args, options) => {
  const { allowedHost, functions, serviceEndpoint, retention, inspect, uiPort, ui, ...others } = options;
  const ports = appPorts(await readEnvironment(context.cwd, context.env));
  const settings: Omit<ServeOptions, 'log'> = {
    ...others,
    port: options.port ?? ports.port,
    s3Port: options.s3Port ?? ports.s3Port,
    // Whoever takes any port does not stand where the app's .env looks.
    s3PortIfFree: options.s3Port === undefined && options.port === 0,
    allowedHosts: allowedHost,
    functions: functions && Object.fromEntries(functions),
    serviceEndpoints: serviceEndpoint && Object.fromEntries(serviceEndpoint),
    retentionDays: retention,
    inspect: inspect === true ? 9229 : inspect,
  };
  if (context.dryRun) {
    await context.couldServe(settings);
    return wouldServe(context, settings);
  }
  // A function may print the token that it was given.
  const log = (line: string): void => context.err.notice(redactTokens(line));
  const served = await context.serve({ ...settings, log });
  let shown: ServedConsole | undefined;
  try {
    if (ui) shown = await context.serveConsole({ port: uiPort, here: true });
    announce(context, served, shown, options.timeScale === 1 ? '' : `, time scale ${options.timeScale}`);
    await Promise.race([served.failed, aborted(context.signal)]);
  } finally {
    await shown?.stop();
    await served.stop();
  }
  context.err.notice('Stopped. Running executions continue at the next start.');
  return exitCodeOf(leavingBy(context.signal));
};

function wouldServe({ out }: Context, { host, port, reset = false }: Omit<ServeOptions, 'log'>): ExitCode {
  out.document({ dryRun: true, host, port, reset }, [
    `Would serve on ${host}, port ${port}${reset ? ', on an emptied data directory' : ''}; nothing was started.`,
  ]);
  return exitCodes.ok;
}

function announce(
  { out, terminal }: Context,
  { endpoint, s3Endpoint, dataDir, eventSources }: ServedLocal,
  shown: ServedConsole | undefined,
  time: string,
): void {
  const sources = eventSources.map(({ kind, name, endpoint: from }) => ({ [kind]: name, endpoint: from }));
  out.document(
    {
      ready: true,
      endpoint,
      ...(s3Endpoint !== undefined && { s3Endpoint }),
      ...(shown && { uiEndpoint: shown.address }),
      dataDir,
      pid: process.pid,
      ...(sources.length > 0 && { eventSources: sources }),
    },
    [
      `The local server (for development only) answers at ${endpoint}`,
      ...(s3Endpoint === undefined ? [] : [`  S3     also at ${s3Endpoint}`]),
      // Whoever reads a log of it does not get in.
      ...(shown ? [`  UI     ${terminal.stdoutIsTTY ? shown.link() : shown.address}`] : []),
      `  data   ${dataDir} (durable: it survives restarts and kill -9)${time}`,
      ...eventSources.map(({ kind, name, endpoint: from }) => `  events ${kind} ${name} at ${from}`),
      `  try    aws --endpoint-url ${endpoint} stepfunctions list-state-machines`,
      '  Ctrl-C stops it',
    ],
  );
}
