import { exitCodes } from '../../errors.js';
import { listMachines } from '../../operations/find/list-machines.js';
import { machineOverview } from '../../operations/machine/overview.js';
import { machineDocument, machineLines } from '../../views/machine/machines.js';
import { overviewDocument, overviewLines } from '../../views/machine/overview.js';
import type { Run } from '../shell/command.js';
import type { declaration } from './machines.js';

export const run: Run<typeof declaration> = async (
  { clock, connect, err, names, out, terminal },
  [machine],
) => {
  const target = await connect({ changes: false });
  const { gateways, name, region, loopback, flagsForHints } = target;
  if (machine !== undefined) {
    const overview = await machineOverview(gateways.states, await target.machineArn(machine));
    const look = { ...terminal, now: clock.now(), loopback, flagsForHints };
    out.document(overviewDocument(overview), overviewLines(overview, look));
    return exitCodes.ok;
  }
  const found = await listMachines(gateways.states);
  if (found.length === 0) err.notice(`No state machines on target ${name} (${region}).`);
  await names.save(
    'machines',
    found.map(({ name: machineName }) => machineName),
  );
  out.list('stateMachines', found.map(machineDocument), machineLines(found, terminal));
  return exitCodes.ok;
};
