import { exitCodes } from '../../errors.js';
import { listMachines } from '../../operations/find/list-machines.js';
import { machineStats } from '../../operations/machine/stats.js';
import { machineStatsDocument, statsDocument, statsPage, statsTable } from '../../views/machine/stats.js';
import type { Run } from '../shell/command.js';
import type { declaration } from './stats.js';

/** What of the terminal's width a sparkline takes. */
const buckets = 24;

export const run: Run<typeof declaration> = async (context, [machine], { since, sample }) => {
  const { clock, err, out, terminal } = context;
  const { gateways, machineArn, name, region } = await context.connect({ changes: false });
  const now = clock.now();
  const machines =
    machine === undefined
      ? await listMachines(gateways.states)
      : [await gateways.states.describeStateMachine(await machineArn(machine))];
  if (machines.length === 0) err.notice(`No state machines on target ${name} (${region}).`);
  const options = { since: since(now), now, sample, buckets, tell: err.progress };
  const found = await machineStats(gateways, machines, options);
  const [one] = found.machines;
  const look = { ...terminal, region };
  const lines = machine !== undefined && one ? statsPage(one, found, look) : statsTable(found, look);
  const documents = found.machines.map((stats) => machineStatsDocument(stats, region));
  out.list('machines', documents, lines, statsDocument(found));
  if (found.withoutMetrics !== undefined && machines.length > 0)
    err.verbose(`no metrics: ${found.withoutMetrics}`);
  return exitCodes.ok;
};
