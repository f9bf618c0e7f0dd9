// The manual pages, from the commands' declarations.

/** As roff shows it: no character begins a request or an escape. */
const plain = (text) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(
      /[^\p{ASCII}]/gu,
      (one) => `\\[u${one.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .replaceAll(/^(?=[.'])/gm, '\\&');

const term = (name, what) => `.TP\n.B ${plain(name)}\n${plain(what)}`;
const section = (title, lines) => (lines.length === 0 ? [] : [`.SH ${title}`, ...lines]);
const head = (name, version, what) => [
  `.TH ${name.toUpperCase()} 1 "" "mbc\\-flow ${version}" "mbc\\-flow"`,
  '.SH NAME',
  `${plain(name)} \\- ${plain(what)}`,
];

const optionLine = ({ flags, description, default: value, choices }) =>
  term(
    flags,
    [description, choices && `one of ${choices.join(', ')}`, value !== undefined && `default ${value}`]
      .filter(Boolean)
      .join('; '),
  );

function commandPage(version, { name, summary, description, arguments: given = [], options = [], examples }) {
  return [
    ...head(`mbc-flow-${name.replace(' ', '-')}`, version, summary),
    '.SH SYNOPSIS',
    `.B mbc\\-flow ${plain(name)}`,
    plain([...given.map(({ syntax }) => syntax), '[options]'].join(' ')),
    '.SH DESCRIPTION',
    plain(`${summary}.${description ? ` ${description}` : ''}`),
    ...section(
      'ARGUMENTS',
      given.map((one) => term(one.syntax, one.description)),
    ),
    ...section('OPTIONS', options.map(optionLine)),
    ...section(
      'EXAMPLES',
      examples.map(({ line, what }) => term(line, what)),
    ),
    '.SH SEE ALSO',
    '.BR mbc\\-flow (1)',
  ];
}

function mainPage(version, { commands, commandGroups, globalOptions, exitCodeMeanings, environmentTerms }) {
  return [
    ...head('mbc-flow', version, 'run, watch and answer AWS Step Functions workflows'),
    '.SH SYNOPSIS',
    '.B mbc\\-flow',
    'command [options]',
    '.SH DESCRIPTION',
    'Runs, watches and answers AWS Step Functions workflows, on AWS or on this machine. Each command has a page of its own: for example mbc\\-flow\\-import(1).',
    ...commandGroups.flatMap(({ title, commands: own }) => [
      `.SS ${plain(title)}`,
      ...own.map(({ name, summary }) => term(name, summary)),
    ]),
    ...section('OPTIONS', globalOptions.map(optionLine)),
    ...section(
      'EXIT STATUS',
      exitCodeMeanings.map(([number, what]) => term(number, what)),
    ),
    ...section(
      'ENVIRONMENT',
      environmentTerms.map(([names, what]) => term(names, what)),
    ),
    '.SH FILES',
    term('mbc-flow.json', 'the targets and the local server, from the nearest folder upwards'),
    '.SH SEE ALSO',
    commands.map(({ name }) => `mbc\\-flow\\-${plain(name.replace(' ', '-'))}(1)`).join(', '),
  ];
}

/** @returns {Map<string, string>} by file name */
export function manPages(version, declared) {
  const text = (lines) => `${lines.join('\n')}\n`;
  return new Map([
    ['mbc-flow.1', text(mainPage(version, declared))],
    ...declared.commands.map((one) => [
      `mbc-flow-${one.name.replace(' ', '-')}.1`,
      text(commandPage(version, one)),
    ]),
  ]);
}
