import { command, declare } from '../shell/command.js';
import { count } from '../shell/input/flag-values.js';

export const declaration = declare({
  name: 'task list',
  summary: 'Task batches, newest first, with the outcome of their items',
  options: [
    { flags: '--machine <machine>', description: 'state machine: role, name or ARN', default: 'task' },
    {
      flags: '--tenant <code>',
      description: "tenant whose framework records are read (default: the target's)",
    },
    { flags: '--limit <n>', description: 'maximum number to list', default: '20', parse: count },
  ],
  examples: [
    { line: 'mbc-flow task list', what: 'all batches, including those started elsewhere' },
    {
      line: 'mbc-flow task list --tenant t1 --target dev',
      what: 'with the counts of the framework’s records',
    },
  ],
});

export const taskList = command(declaration, () => import('./list.run.js'));
