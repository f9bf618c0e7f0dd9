import { command, declare } from '../shell/command.js';
import { count, keyPart } from '../shell/input/flag-values.js';

export const declaration = declare({
  name: 'import list',
  summary: "The framework's import jobs, newest first",
  options: [
    { flags: '--tenant <code>', description: "whose jobs (default: the target's tenant)", parse: keyPart },
    { flags: '--limit <n>', description: 'maximum number to list', default: '20', parse: count },
  ],
  examples: [
    { line: 'mbc-flow import list --tenant t1', what: 'with counts, including ZIPs and their files' },
    { line: 'mbc-flow import list --tenant t1 -o json', what: 'for a script' },
  ],
});

export const importList = command(declaration, () => import('./list.run.js'));
