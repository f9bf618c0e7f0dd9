import { command, declare } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';

export const declaration = declare({
  name: 'rehearse',
  aliases: ['replay'],
  summary: 'Run a past execution again here, its tasks answering what they answered then',
  description:
    'Runs the history of an execution through a state machine, the one that ran or a changed one, on virtual time. Each task answers what it answered then for the same state, attempt and iteration, errors included. Shows both ways side by side and where they part first. Nothing is called on AWS but reads. A Map whose ItemReader was changed reads its object, or lists its bucket, again (with --history: those of the target that --target or --local names). Where the new way asks what the history never answered, it stops there. Data is cut to the width of the terminal (80 columns in a pipe); --verbose and -o json have all of it. Exit code 0 when it SUCCEEDED, 1 when it did not, 2 when an answer is missing.',
  arguments: [{ syntax: '[execution]', description: executionReference }],
  options: [
    {
      flags: '--history <file>',
      description:
        'read a saved history (the output of `aws stepfunctions get-execution-history`, or log lines) instead; - for stdin',
    },
    {
      flags: '--definition <file>',
      description: 'run this definition: ASL or a template, JSON or YAML (default: the one that ran)',
    },
    {
      flags: '--machine <name>',
      description:
        'state machine in a template that has several; without --definition, one of the target, as it is now',
    },
    { flags: '--input <json>', description: 'another input: JSON text, @file, or - for stdin' },
    { flags: '--edit', description: 'edit the input in $VISUAL or $EDITOR first' },
    {
      flags: '--answer <state=json...>',
      description:
        'what the task of a state returns: JSON text or @file; STATE[2] for one iteration of a Map, * for every state without an answer',
    },
    {
      flags: '--answers <file>',
      description: 'answers of several states, JSON or YAML, as under `answers` in a test file',
    },
    {
      flags: '--call <state...>',
      description: 'call the function of this state, as the local server runs it (config, .env)',
    },
    { flags: '--graph', description: 'draw the state machine, coloured by what is the same and what is not' },
    { flags: '--step', description: 'go through it state by state first, on a terminal' },
  ],
  examples: [
    {
      line: 'mbc-flow rehearse @last --definition infra/order.asl.json',
      what: 'what a changed definition would have done',
    },
    {
      line: 'mbc-flow rehearse order-42 --target prod --call Charge',
      what: 'with the function of this state as it is here',
    },
    {
      line: "mbc-flow rehearse --history run.json --definition b.asl.json --answer 'New={}'",
      what: 'a saved history; a state that is new has an answer',
    },
  ],
});

export const rehearse = command(declaration, () => import('./rehearse.run.js'));
