import { command, declare } from '../shell/command.js';

export const declaration = declare({
  name: 'graph',
  summary: 'Draw a state machine, or what an execution ran',
  description:
    'Draws in the terminal, or writes SVG or Mermaid to stdout. For an execution, the states that ran are coloured, with counts and durations.',
  arguments: [
    {
      syntax: '<source>',
      description: 'state machine (role, name, ARN), execution, or a file: ASL or a template, JSON or YAML',
    },
  ],
  options: [
    {
      flags: '--format <form>',
      description: 'output format',
      default: 'terminal',
      choices: ['terminal', 'svg', 'mermaid'],
    },
    {
      flags: '--machine <name>',
      description: 'state machine in a template that has several: name or logical id',
    },
    { flags: '--history <file>', description: 'colour the states by a saved history' },
  ],
  examples: [
    { line: 'mbc-flow graph @last', what: 'what the last execution ran' },
    {
      line: 'mbc-flow graph command --format svg > command.svg',
      what: 'a state machine as SVG, for a browser',
    },
    { line: 'mbc-flow graph infra/approval.asl.yaml', what: 'a definition in a file, without calling AWS' },
    {
      line: 'mbc-flow graph cdk.out/app.template.json --machine approval',
      what: 'one state machine of a template',
    },
  ],
});

export const graph = command(declaration, () => import('./graph.run.js'));
