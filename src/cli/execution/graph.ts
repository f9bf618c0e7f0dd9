import { command, declare } from '../shell/command.js';

export const declaration = declare({
  name: 'graph',
  summary: 'A state machine as a picture; of an execution, what ran is coloured',
  description:
    'Draws in the terminal, or writes SVG or Mermaid to stdout. An execution shows what ran, how often, how long.',
  arguments: [
    {
      syntax: '<source>',
      description: 'state machine (role, name, ARN), execution, or a file: ASL or a template, JSON or YAML',
    },
  ],
  options: [
    {
      flags: '--format <form>',
      description: 'of the picture',
      default: 'terminal',
      choices: ['terminal', 'svg', 'mermaid'],
    },
    { flags: '--machine <name>', description: 'of a template that has several: its name or logical id' },
    { flags: '--history <file>', description: 'colour a definition by a saved history' },
  ],
  examples: [
    { line: 'mbc-flow graph @last', what: 'what the last execution did' },
    { line: 'mbc-flow graph command --format svg > command.svg', what: 'a machine, for a browser' },
    { line: 'mbc-flow graph infra/approval.asl.yaml', what: 'a file, without calling anyone' },
    { line: 'mbc-flow graph cdk.out/app.template.json --machine approval', what: 'one of a template' },
  ],
});

export const graph = command(declaration, () => import('./graph.run.js'));
