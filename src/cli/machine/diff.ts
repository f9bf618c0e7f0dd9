import { command, declare } from '../shell/command.js';

export const declaration = declare({
  name: 'diff',
  summary: 'Compare two definitions, or two executions',
  description:
    'Definitions are compared state by state: added, removed, renamed and changed ones, how transitions moved, and what running and redrivable executions still use. Executions are compared step by step: where their ways part, with inputs and outputs. An execution beside a file or a state machine stands for the definition that it ran.',
  arguments: [
    {
      syntax: '<before>',
      description:
        'file, state machine (name:3 is a version, name:live an alias), execution, or TARGET:MACHINE',
    },
    { syntax: '<after>', description: 'the same' },
  ],
  options: [{ flags: '--exit-code', description: 'exit with 1 when they differ' }],
  examples: [
    { line: 'mbc-flow diff approval ./infra/approval.asl.json', what: 'what a deployment would change' },
    { line: 'mbc-flow diff dev:approval prod:approval --exit-code', what: 'the same machine on two targets' },
    { line: 'mbc-flow diff @2 @last', what: 'why the last execution went another way' },
  ],
});

export const diff = command(declaration, () => import('./diff.run.js'));
