import { command, declare } from '../shell/command.js';
import { count, duration, since } from '../shell/input/flag-values.js';

export const declaration = declare({
  name: 'list',
  aliases: ['ls', 'ps'],
  summary: 'List executions, newest first',
  arguments: [{ syntax: '[machine]', description: 'state machine: role, name or ARN (default: all)' }],
  options: [
    {
      flags: '--status <status>',
      description: 'only executions with this status',
      choices: ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
    },
    { flags: '--failed', description: 'only FAILED, TIMED_OUT and ABORTED executions, with the reason' },
    { flags: '--group', description: 'group failures by cause and count them (default: --since 1d)' },
    {
      flags: '--since <time>',
      description: 'only executions started since 30m, 2h, 7d ago, or a date (2026-01-31T09:00)',
      parse: since,
    },
    { flags: '--request-id <id>', description: 'only executions with this request id in the input' },
    { flags: '--match <text>', description: 'only executions whose input contains this text' },
    { flags: '--state <name>', description: 'only executions that failed in this state' },
    { flags: '--error <name>', description: 'only executions that failed with this error' },
    {
      flags: '--longer-than <duration>',
      description: 'only executions that ran for longer than 90s, 5m, 2h',
      parse: duration,
    },
    {
      flags: '--limit <number>',
      description: 'maximum number of executions (with --group: per state machine)',
      default: '20',
      parse: count,
    },
    { flags: '--watch', description: 'refresh until Ctrl-C; in a pipe only what is new or has changed' },
  ],
  examples: [
    { line: 'mbc-flow list', what: 'the 20 newest of all state machines' },
    {
      line: 'mbc-flow list import-csv --status FAILED --since 1d',
      what: 'imports that failed since yesterday',
    },
    { line: 'mbc-flow list --request-id r-20260131-7', what: 'the execution of a request' },
    { line: 'mbc-flow list --failed --group --since 1d', what: 'what failed in the last day, and how often' },
    { line: 'mbc-flow list --watch --since 1h', what: 'what starts and ends, as it happens' },
    { line: 'mbc-flow list -o ndjson --limit 1000', what: 'one JSON object per line' },
  ],
});

export const list = command(declaration, () => import('./list.run.js'));
