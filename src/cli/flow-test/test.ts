import { exitCodes, FlowError } from '../../errors.js';
import { command, declare } from '../shell/command.js';
import { count } from '../shell/input/flag-values.js';

/** For `parse` of a flag: 0 to 100. */
function percent(text: string, flag: string): number {
  const number = Number(text.replace(/%$/, ''));
  if (text !== '' && number >= 0 && number <= 100) return number;
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${text}' is not a percentage`, {
    where: flag,
    hint: `${flag} 100`,
  });
}

export const declaration = declare({
  name: 'test',
  changes: ({ update, record, coverageDir }) => [update, record, coverageDir].some(Boolean),
  summary: 'Run the tests of state machines',
  description:
    'Reads *.flow.yaml and *.flow.json files (default: those under this folder): a state machine and cases, each with an input, the answers of its tasks and what is expected. Runs them on the embedded engine in virtual time; nothing is called but functions of answers with "call: function". Exit code 1 if a case fails or coverage is too low.',
  aliases: ['coverage', 'mock'],
  arguments: [{ syntax: '[files...]', description: 'test files or folders' }],
  options: [
    { flags: '--filter <text>', description: 'only cases whose name, or whose file, contains this' },
    { flags: '--parallel <n>', description: 'maximum number of cases at a time', default: '4', parse: count },
    {
      flags: '--reporter <form>',
      description: 'form of the text output',
      choices: ['text', 'junit'],
      default: 'text',
    },
    { flags: '--update', description: 'write what came instead of what was expected into the files' },
    {
      flags: '--watch',
      description: 'run again when a test, a state machine, a called function or the config changes',
    },
    { flags: '--coverage', description: 'list what the cases take of each state machine' },
    {
      flags: '--coverage-min <percent>',
      description: 'exit 1 if less of a state machine is taken',
      parse: percent,
    },
    {
      flags: '--coverage-dir <folder>',
      description: 'write the coverage as an HTML page and SVG graphs',
    },
    { flags: '--missing', description: 'print what no case takes, and a draft of a case for each' },
    {
      flags: '--record <execution>',
      description: 'add a case made from an execution that has run (default file: <machine>.flow.yaml)',
    },
    {
      flags: '--scrub <name...>',
      description: 'with --record: also strike out members with these names; * stands for anything',
    },
    { flags: '--name <name>', description: 'with --record: name of the case' },
  ],
  examples: [
    { line: 'mbc-flow test', what: 'every test under this folder' },
    {
      line: 'mbc-flow test approval.flow.yaml --filter refused --watch',
      what: 'some cases, again at each change',
    },
    { line: 'mbc-flow test --coverage-min 100 --reporter junit > flow.xml', what: 'in a pipeline' },
    { line: 'mbc-flow test --missing', what: 'what is not tested yet' },
    { line: 'mbc-flow test --record @last', what: 'a case from the last execution' },
  ],
});

export const test = command(declaration, () => import('./test.run.js'));
