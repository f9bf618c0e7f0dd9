import { command, declare } from '../shell/command.js';
import { count, since } from '../shell/flag-values.js';

export const declaration = declare({
  name: 'audit',
  summary: 'List the answers sent from this machine: who, when, what and the outcome',
  description:
    'Reads the local file that every answer leaves a line in. It holds a hash of each answer, never the answer, never a token.',
  options: [
    { flags: '--request-id <id>', description: 'only for this request' },
    {
      flags: '--since <time>',
      description: 'since: 30m, 2h, 7d ago, or a date (2026-01-31T09:00)',
      parse: since,
    },
    { flags: '--limit <number>', description: 'maximum number of answers', default: '50', parse: count },
  ],
  examples: [
    { line: 'mbc-flow audit --since 1d', what: 'since yesterday' },
    { line: 'mbc-flow audit --request-id r-1 -o json', what: 'all that was said to one request' },
  ],
});

export const audit = command(declaration, () => import('./audit.run.js'));
