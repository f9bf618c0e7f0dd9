// Writes docs/cli.md from the commands' declarations; `--check` only says whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declarations } from './declarations.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = join(root, 'docs/cli.md');

const cell = (text) => text.replaceAll('|', '\\|');
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
const fenced = (text) => `\`\`\`\n${text.trimEnd()}\n\`\`\``;

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

const { commands, commandGroups, exitCodeMeanings, parseCommandLine } = await declarations();
let help = '';
parseCommandLine(['--help'], commandGroups, '', (text) => {
  help += text;
});
const text = `${[
  '# The command line',
  '<!-- Generated from the declarations in src/cli by `npm run docs`. -->',
  'Results go to stdout, everything else to stderr. Under `-o json` stderr holds at most one JSON line, the error.',
  fenced(help),
  ...commands.flatMap(commandSection),
  '## Exit codes',
  table(['code', 'meaning'], exitCodeMeanings),
]
  .filter(Boolean)
  .join('\n\n')}\n`;

if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  process.stderr.write('docs/cli.md is out of date: run npm run docs\n');
  process.exitCode = 1;
}
