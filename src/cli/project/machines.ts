import { exitCodes } from '../../errors.js';
import type { Command } from '../shell/command.js';

export const machines: Command = {
  name: 'machines',
  summary: 'State machines of the target',
  examples: [
    { line: 'mbc-flow machines', what: 'on the default target' },
    { line: 'mbc-flow machines --target dev -o json', what: 'of another target, for a script' },
  ],
  async run(context) {
    const target = await context.connect({ changes: false });
    const { listMachines } = await import('../../operations/find/list-machines.js');
    const found = await listMachines(target.gateways.states);
    const { machineDocument, machineLines } = await import('../../views/project/machines.js');
    const documents = found.map(machineDocument);
    if (context.output === 'ndjson') for (const document of documents) context.out.json(document);
    else context.out.json({ stateMachines: documents });
    if (context.output !== 'text') return exitCodes.ok;
    if (found.length === 0)
      context.err.notice(`No state machines on target ${target.name} (${target.region}).`);
    for (const line of machineLines(found, context.terminal)) context.out.line(line);
    return exitCodes.ok;
  },
};
