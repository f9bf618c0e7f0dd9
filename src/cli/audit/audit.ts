import { command, declare } from '../shell/command.js';
import { count, since } from '../shell/input/flag-values.js';

export const declaration = declare({
  name: 'audit',
  summary: 'List the answers given from this machine, or all changes that a target records',
  description:
    'Where the config of the target names an audit trail ("audit"), every change: starts, answers, stops, redrives, invocations. Otherwise the local file, in which answers alone (approve, reject, resume, fail, heartbeat) leave a line. Neither holds an answer or a token.',
  options: [
    { flags: '--request-id <id>', description: 'only for this request' },
    {
      flags: '--since <time>',
      description: 'since: 30m, 2h, 7d ago, or a date (2026-01-31T09:00)',
      parse: since,
    },
    { flags: '--limit <number>', description: 'maximum number of answers', default: '50', parse: count },
    {
      flags: '--here',
      description: 'the answers from this machine, also where the target has an audit trail',
    },
  ],
  examples: [
    { line: 'mbc-flow audit --since 1d', what: 'since yesterday' },
    {
      line: 'mbc-flow audit --target prod --since 7d',
      what: 'all changes of the last week, whoever made them',
    },
    { line: 'mbc-flow audit --request-id r-1 -o json', what: 'all that was said to one request' },
  ],
});

export const audit = command(declaration, () => import('./audit.run.js'));
