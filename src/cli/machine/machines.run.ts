import { exitCodes } from '../../errors.js';
import { listMachines } from '../../operations/find/list-machines.js';
import { machineDocument, machineLines } from '../../views/machine/machines.js';
import type { Run } from '../shell/command.js';
import type { declaration } from './machines.js';

export const run: Run<typeof declaration> = async ({ connect, err, out, terminal }) => {
  const { gateways, name, region } = await connect({ changes: false });
  const found = await listMachines(gateways.states);
  if (found.length === 0) err.notice(`No state machines on target ${name} (${region}).`);
  out.list('stateMachines', found.map(machineDocument), machineLines(found, terminal));
  return exitCodes.ok;
};
