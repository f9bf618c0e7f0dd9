import { command, declare } from '../shell/command.js';
import { since } from '../shell/input/flag-values.js';

export const declaration = declare({
  name: 'logs',
  aliases: ['tail'],
  summary: 'Log lines of a machine or an execution, and of the functions it calls',
  description:
    "From the log group that the machine's configuration names and those of its functions, merged by time. With an execution, -f ends after the execution has ended and late lines have arrived.",
  arguments: [{ syntax: '<source>', description: 'state machine (role, name, ARN) or execution' }],
  options: [
    { flags: '-f, --follow', description: 'follow new lines' },
    {
      flags: '--since <time>',
      description: "30m, 2h ago, or a date (default: 10m; the execution's start)",
      parse: since,
    },
    { flags: '--filter <text>', description: 'lines with this text in them: a request id, a word' },
    { flags: '--state <name>', description: 'events of this state only' },
    { flags: '--since-start', description: 'of an execution: times from its start instead of the clock' },
    { flags: '--raw', description: "also the platform's START and END lines, and REPORT as it is" },
    { flags: '--errors', description: 'failures of executions and errors of functions only' },
    {
      flags: '--live',
      description: "CloudWatch's live tail: at once, billed by the minute, samples above 500 lines/s",
    },
  ],
  examples: [
    { line: 'mbc-flow logs @last', what: 'an execution and its functions' },
    { line: 'mbc-flow logs @last --since-start', what: 'how long after its start each line came' },
    { line: 'mbc-flow logs command -f --errors', what: 'what goes wrong, as it happens' },
    { line: 'mbc-flow logs import-csv --since 2h --filter r-20260131-7', what: 'one request' },
  ],
});

export const logs = command(declaration, () => import('./logs.run.js'));
