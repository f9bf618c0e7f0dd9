import { command, declare } from '../shell/command.js';
import { wholeNumber } from '../shell/input/flag-values.js';

export const declaration = declare({
  name: 'lint',
  changes: ({ fix }) => fix === true,
  summary: 'Check state machines against what AWS refuses and against good practice',
  description:
    'Reads ASL files (JSON, YAML), CloudFormation, CDK and SAM templates, serverless.yml, and the sources of an app of the framework; a folder (default: this one) is searched for them. With a target, the machines deployed there. Errors are what AWS would refuse (exit 1); practice is advised in warnings (exit 1 above --max-warnings). A Comment "mbc-flow-ignore: MF012" leaves a state alone.',
  arguments: [{ syntax: '[files...]', description: 'files or folders; with a target: machines' }],
  options: [
    {
      flags: '--type <type>',
      description: 'of a definition that does not say it',
      choices: ['STANDARD', 'EXPRESS'],
    },
    {
      flags: '--reporter <form>',
      description: 'form of the text output',
      choices: ['text', 'github', 'sarif', 'junit'],
      default: 'text',
    },
    {
      flags: '--max-warnings <n>',
      description: 'exit 1 if there are more warnings than this (default: any number)',
      parse: wholeNumber,
    },
    { flags: '--fix', description: 'apply safe fixes to the files' },
    { flags: '--rules', description: 'list the practice rules' },
    { flags: '--explain <code>', description: 'the page of a rule' },
  ],
  examples: [
    { line: 'mbc-flow lint', what: 'every state machine of the project' },
    { line: 'mbc-flow lint approval.asl.json --type STANDARD', what: 'one file' },
    { line: 'mbc-flow lint --target prod import-csv', what: 'a machine as it is deployed' },
    { line: 'mbc-flow lint --reporter github --max-warnings 0', what: 'in CI: no warnings allowed' },
    { line: 'mbc-flow lint --explain MF001', what: 'why a paused step needs a timeout' },
  ],
});

export const lint = command(declaration, () => import('./lint.run.js'));
