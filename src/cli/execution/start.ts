import { command, declare } from '../shell/command.js';
import { count } from '../shell/flag-values.js';
import { rate } from './rate.js';

export const declaration = declare({
  name: 'start',
  changes: true,
  summary: 'Start any state machine, once or for each of many inputs',
  description:
    'Prints the ARN of the new execution. The input is tried on the machine’s first states before: what they miss for certain is refused. A --name that was given before with the same input means the execution that is there. With --each, names come from the inputs, so that the same command line again goes on where it was broken off and starts nothing twice.',
  arguments: [{ syntax: '<machine>', description: 'state machine: role, name or ARN' }],
  options: [
    { flags: '--input <json>', description: 'JSON text, @file, or - for stdin (default: {})' },
    { flags: '--edit', description: 'write the input in $VISUAL or $EDITOR, from that of --input' },
    { flags: '--each <file>', description: 'one execution for each line of JSON in a file, or - for stdin' },
    {
      flags: '--name <name>',
      description: 'name of the execution (default: a random one); with --each, what all names begin with',
    },
    { flags: '--no-check', description: 'start it even where its first states miss something in the input' },
    { flags: '--follow', description: 'follow it to its end; its outcome decides the exit code' },
    { flags: '--rate <n/s>', description: 'with --each: maximum number of starts per second', parse: rate },
    {
      flags: '--parallel <n>',
      description: 'with --each: maximum number at the same time',
      default: '10',
      parse: count,
    },
  ],
  examples: [
    { line: 'mbc-flow start approval --input \'{"requestId":"r-1"}\'', what: 'with an input' },
    {
      line: 'mbc-flow start sfn-task --input @items.json --follow',
      what: 'input from a file; wait for the end',
    },
    {
      line: 'mbc-flow start sync --each orders.ndjson --follow --rate 20/s -o ndjson',
      what: 'one execution a line, 20 a second, 10 at once; one result a line',
    },
  ],
});

export const start = command(declaration, () => import('./start.run.js'));
