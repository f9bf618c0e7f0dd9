import type { Gateways } from '../../ports/aws.js';
import { logsOfExecution } from './logs-of-reference.js';
import { type TailOptions, tailLogs } from './tail-logs.js';

type Logs = Awaited<ReturnType<typeof logsOfExecution>>;

/** Tells the log lines of one execution, its late ones too, until it has ended or `signal` fired. */
export async function tailExecution(
  gateways: Pick<Gateways, 'states' | 'functions' | 'logs'>,
  executionArn: string,
  options: Omit<TailOptions, keyof Logs | 'follow'>,
): Promise<void> {
  const found = await logsOfExecution(gateways, executionArn, options.clock.now());
  await tailLogs(gateways.logs, { ...found, ...options, follow: true });
}
