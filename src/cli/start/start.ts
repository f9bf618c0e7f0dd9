import { command, declare } from '../shell/command.js';
import { count } from '../shell/input/flag-values.js';
import { rate } from './rate.js';

export const declaration = declare({
  name: 'start',
  changes: true,
  summary: 'Start an execution, or one for each of many inputs',
  description:
    'Prints the ARN of the new execution. The input is first tried on the first states of the state machine, and refused if they would fail. A --name that was used before with the same input means the existing execution. With --each, names are derived from the inputs: the same command again continues where it was interrupted, and starts nothing twice.',
  arguments: [
    {
      syntax: '<machine>',
      description: 'state machine: role, name or ARN; on local also a file, registered under its name first',
    },
  ],
  options: [
    { flags: '--input <json>', description: 'JSON text, @file, or - for stdin (default: {})' },
    { flags: '--edit', description: 'edit the input in $VISUAL or $EDITOR first' },
    {
      flags: '--each <file>',
      description: 'start one execution per line of JSON in this file, or - for stdin',
    },
    {
      flags: '--name <name>',
      description: 'name of the execution (default: random); with --each, the prefix of all names',
    },
    {
      flags: '--state <name>',
      description: 'run this state alone, and show what each phase made of the data',
    },
    {
      flags: '--mock <json>',
      description: 'with --state: the result, or {"error","cause"}, instead of a call',
    },
    { flags: '--variables <json>', description: 'with --state: variables that the state sees' },
    { flags: '--role <arn>', description: "with --state: role that calls (default: the state machine's)" },
    { flags: '--no-check', description: 'start even if the first states would fail with this input' },
    { flags: '--follow', description: 'follow until the end; the outcome decides the exit code' },
    { flags: '--rate <n/s>', description: 'with --each: maximum number of starts per second', parse: rate },
    {
      flags: '--parallel <n>',
      description: 'with --each: maximum number at a time',
      default: '10',
      parse: count,
    },
  ],
  examples: [
    { line: 'mbc-flow start approval --input \'{"requestId":"r-1"}\'', what: 'with an input' },
    {
      line: 'mbc-flow start ./infra/order.asl.json --follow',
      what: 'a definition that is being written, on local',
    },
    {
      line: 'mbc-flow start sfn-task --input @items.json --follow',
      what: 'input from a file; follow until the end',
    },
    {
      line: 'mbc-flow start order --state Decide --input \'{"approval":{"approved":true}}\'',
      what: 'one state alone: its data from phase to phase',
    },
    {
      line: 'mbc-flow start sync --each orders.ndjson --follow --rate 20/s -o ndjson',
      what: 'one execution per line, 20 per second, 10 at a time; one result per line',
    },
  ],
});

export const start = command(declaration, () => import('./start.run.js'));
