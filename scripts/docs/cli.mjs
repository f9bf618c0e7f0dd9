import { fenced, page, table } from './markdown.mjs';

function optionRow({ flags, description, default: value, choices }) {
  const notes = [choices && `one of ${choices.join(', ')}`, value !== undefined && `default \`${value}\``];
  return [`\`${flags}\``, [description, ...notes.filter(Boolean)].join('; ')];
}

function commandSection({ name, summary, description, arguments: positional = [], options = [], examples }) {
  const usage = ['mbc-flow', name, ...positional.map(({ syntax }) => syntax), '[options]'].join(' ');
  return [
    `## ${name}`,
    `${summary}.${description ? ` ${description}` : ''}`,
    fenced(usage),
    positional.length > 0 &&
      table(
        ['argument', ''],
        positional.map((one) => [`\`${one.syntax}\``, one.description]),
      ),
    options.length > 0 && table(['flag', ''], options.map(optionRow)),
    fenced(examples.map(({ line, what }) => `${line}\n    ${what}`).join('\n')),
  ];
}

/** The commands, from their declarations. */
export function cliPage({ commands, commandGroups, exitCodeMeanings, parseCommandLine }) {
  let help = '';
  parseCommandLine(['--help'], commandGroups, '', (text) => {
    help += text;
  });
  return page('The command line', 'the declarations in src/cli', [
    'Results go to stdout, everything else to stderr. Under `-o json` stderr holds at most one JSON line, the error.',
    fenced(help),
    ...commands.flatMap(commandSection),
    '## Exit codes',
    table(['code', 'meaning'], exitCodeMeanings),
  ]);
}
