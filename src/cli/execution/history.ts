import { command, declare } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';
import { since } from '../shell/flag-values.js';

export const declaration = declare({
  name: 'history',
  summary: 'The events of an execution',
  description:
    "One line an event, failures decoded; -o json is AWS's own document. Task tokens are struck out. With --follow it stays until the end, whose outcome decides the exit code.",
  arguments: [{ syntax: '[execution]', description: executionReference }],
  options: [
    { flags: '--failed', description: 'failures, timeouts and aborts only' },
    { flags: '--state <name>', description: 'events of this state only' },
    {
      flags: '--type <type...>',
      description: 'event types, or parts of them: TaskFailed, StateEntered',
      parse: (types: string) => types.split(','),
    },
    { flags: '--since <time>', description: 'since 30m, 2h ago, or a date', parse: since },
    { flags: '--no-data', description: 'without input, output and parameters' },
    { flags: '--path <path>', description: 'only what stands at this JSONPath in them: $.requestId' },
    { flags: '-f, --follow', description: 'go on until the execution ends' },
    { flags: '--history <file>', description: 'a saved history or log lines instead; - is stdin' },
  ],
  examples: [
    { line: 'mbc-flow history @last', what: 'all events' },
    { line: 'mbc-flow history @last --failed --no-data', what: 'what went wrong, in order' },
    { line: 'mbc-flow history @last --state approve -o json', what: "one state's, for a script" },
    { line: "mbc-flow history @last --path '$.requestId'", what: 'one value through all states' },
  ],
});

export const history = command(declaration, () => import('./history.run.js'));
