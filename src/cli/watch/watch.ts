import { command, declare } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';
import { duration } from '../shell/input/flag-values.js';
import { notifyOptions } from '../shell/notify-options.js';
import { speed } from './speed.js';

export const declaration = declare({
  name: 'watch',
  summary: 'Follow executions live until they end',
  description:
    'On a terminal one screen: states, attempts, map runs with rate and time left. In a pipe, one line for each change. Exit code 0 if all SUCCEEDED, 1 otherwise. Quitting (q, Ctrl-C) never stops an execution. An EXPRESS execution is followed by the log of its machine.',
  arguments: [{ syntax: '[execution...]', description: executionReference }],
  options: [
    {
      flags: '--timeout <duration>',
      description: 'stop watching after this time (90, 30s, 5m, 2h) with exit 124',
      parse: duration,
    },
    {
      flags: '--replay <file>',
      description: 'replay a saved history (or log lines) without calling AWS; - is stdin',
    },
    { flags: '--logs', description: "its log lines too, and its functions': the last ones under the tree" },
    ...notifyOptions,
    { flags: '--speed <times>', description: 'of the replay: 1, 10, or max', default: '10', parse: speed },
  ],
  examples: [
    { line: 'mbc-flow watch @last', what: 'the execution that was started last' },
    { line: 'mbc-flow watch @last --timeout 5m', what: 'for five minutes at most' },
    { line: 'mbc-flow watch @last --logs', what: 'with what its functions write' },
    { line: 'mbc-flow watch @last --bell', what: 'rings when it waits for an answer, and when it ends' },
    { line: 'mbc-flow watch --replay history.json --speed max', what: 'a saved history, as it went' },
    { line: 'mbc-flow watch @last -o ndjson', what: 'one JSON object a change' },
  ],
});

export const watch = command(declaration, () => import('./watch.run.js'));
