import { command, declare } from '../shell/command.js';
import { nameList } from './name-list.js';

export const declaration = declare({
  name: 'doctor',
  summary: 'Check a target from end to end, and say what to type for each fault',
  description:
    "Identity and permissions, the machines of each role and their shape, logs, what has waited for long, alarms, event sources, queues and dead letters, the upload bucket and who may read it; the application of this folder (is its handler built, does it load, does it route each machine), this machine's Node.js and ports. Changes nothing. --policy prints the IAM policy that commands need instead.",
  options: [
    {
      flags: '--policy <commands>',
      description: 'print an IAM policy for these commands (approve,watch; all) without checking anything',
      parse: nameList,
    },
  ],
  examples: [
    { line: 'mbc-flow doctor --target prod', what: 'everything about a target' },
    { line: 'mbc-flow doctor --policy approve,watch', what: 'a policy for who approves' },
  ],
});

export const doctor = command(declaration, () => import('./doctor.run.js'));
