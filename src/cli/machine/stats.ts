import { command, declare } from '../shell/command.js';
import { since, wholeNumber } from '../shell/input/flag-values.js';

export const declaration = declare({
  name: 'stats',
  summary: 'Success rate, durations and retries of state machines',
  description:
    'From CloudWatch metrics where there are any, else from the list of executions. Retries, states and state transitions come from the histories of the newest executions, as AWS keeps no metrics of them.',
  arguments: [
    { syntax: '[machine]', description: 'state machine: role, name or ARN, state by state (default: all)' },
  ],
  options: [
    {
      flags: '--since <time>',
      description: 'executions started since 30m, 2h, 7d ago, or a date (2026-01-31T09:00)',
      default: '1d',
      parse: since,
    },
    {
      flags: '--sample <number>',
      description: 'how many histories to read in all; 0 for none',
      default: '50',
      parse: wholeNumber,
    },
  ],
  examples: [
    { line: 'mbc-flow stats', what: 'all state machines, in the last day' },
    { line: 'mbc-flow stats import-csv --since 7d', what: 'state by state, and what a run costs' },
    { line: 'mbc-flow stats -o json', what: 'for a dashboard' },
  ],
});

export const stats = command(declaration, () => import('./stats.run.js'));
