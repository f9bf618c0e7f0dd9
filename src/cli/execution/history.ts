import { command, declare } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';
import { since } from '../shell/input/flag-values.js';

export const declaration = declare({
  name: 'history',
  summary: 'List the events of an execution',
  description:
    'One line per event, with decoded failures; -o json prints the events as AWS returns them. Task tokens are redacted. With --follow, prints new events until the execution ends; its outcome decides the exit code.',
  arguments: [{ syntax: '[execution]', description: executionReference }],
  options: [
    { flags: '--failed', description: 'only failures, timeouts and aborts' },
    { flags: '--state <name>', description: 'only events of this state' },
    {
      flags: '--type <type...>',
      description: 'only event types that contain this: TaskFailed, StateEntered',
      parse: (types: string) => types.split(','),
    },
    { flags: '--since <time>', description: 'only events since 30m, 2h ago, or a date', parse: since },
    { flags: '--no-data', description: 'without input, output and parameters' },
    { flags: '--path <path>', description: 'only the value at this JSONPath in the data: $.requestId' },
    { flags: '-f, --follow', description: 'print new events until the execution ends' },
    { flags: '--history <file>', description: 'read a saved history or log lines instead (- for stdin)' },
  ],
  examples: [
    { line: 'mbc-flow history @last', what: 'all events' },
    { line: 'mbc-flow history @last --failed --no-data', what: 'what went wrong, in order' },
    { line: 'mbc-flow history @last --state approve -o json', what: 'the events of one state, for a script' },
    { line: "mbc-flow history @last --path '$.requestId'", what: 'one value through all states' },
  ],
});

export const history = command(declaration, () => import('./history.run.js'));
