import { command, declare } from '../shell/command.js';
import { count, duration, since } from '../shell/flag-values.js';

export const declaration = declare({
  name: 'list',
  aliases: ['ls', 'ps'],
  summary: 'Executions, newest first',
  arguments: [
    { syntax: '[machine]', description: 'state machine: role, name or ARN (default: all of them)' },
  ],
  options: [
    {
      flags: '--status <status>',
      description: 'only of this status',
      choices: ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
    },
    { flags: '--failed', description: 'only FAILED, TIMED_OUT and ABORTED ones, with the reason' },
    { flags: '--group', description: 'causes of failure, grouped and counted (of --since 1d by default)' },
    {
      flags: '--since <time>',
      description: 'started since: 30m, 2h, 7d ago, or a date (2026-01-31T09:00)',
      parse: since,
    },
    { flags: '--request-id <id>', description: 'whose input has this request id' },
    { flags: '--match <text>', description: 'whose input has this text in it' },
    { flags: '--state <name>', description: 'that failed in this state' },
    { flags: '--error <name>', description: 'that failed with this error' },
    {
      flags: '--longer-than <duration>',
      description: 'that took (or take) longer: 90s, 5m, 2h',
      parse: duration,
    },
    {
      flags: '--limit <number>',
      description: 'maximum number of executions (--group: of each machine)',
      default: '20',
      parse: count,
    },
  ],
  examples: [
    { line: 'mbc-flow list', what: 'the 20 newest of all machines' },
    {
      line: 'mbc-flow list import-csv --status FAILED --since 1d',
      what: 'imports that failed since yesterday',
    },
    { line: 'mbc-flow list --request-id r-20260131-7', what: 'the execution of a request' },
    { line: 'mbc-flow list --failed --group --since 1d', what: 'what goes wrong today, and how often' },
    { line: 'mbc-flow list -o ndjson --limit 1000', what: 'one JSON object a line' },
  ],
});

export const list = command(declaration, () => import('./list.run.js'));
