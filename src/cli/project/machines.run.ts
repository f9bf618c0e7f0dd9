import { exitCodes } from '../../errors.js';
import { listMachines } from '../../operations/find/list-machines.js';
import { machineDocument, machineLines } from '../../views/project/machines.js';
import type { Run } from '../shell/command.js';
import type { declaration } from './machines.js';

export const run: Run<typeof declaration> = async (context) => {
  const target = await context.connect({ changes: false });
  const found = await listMachines(target.gateways.states);
  const documents = found.map(machineDocument);
  if (context.output === 'ndjson') for (const document of documents) context.out.json(document);
  else context.out.json({ stateMachines: documents });
  if (context.output !== 'text') return exitCodes.ok;
  if (found.length === 0)
    context.err.notice(`No state machines on target ${target.name} (${target.region}).`);
  for (const line of machineLines(found, context.terminal)) context.out.line(line);
  return exitCodes.ok;
};
