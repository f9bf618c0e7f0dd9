import { command, declare, type Run } from '../shell/command.js';
import { count, duration, keyPart } from '../shell/input/flag-values.js';
import { attribute } from './attribute.js';
import { delimiter, encoding, names } from './dialect.js';

export const declaration = declare({
  name: 'import',
  changes: ({ check }) => check !== true,
  summary: 'Check a CSV, upload it, run import-csv on it, and report every row that failed',
  description:
    'The file is read twice: first it is checked and nothing is changed, then it is uploaded. Shift_JIS and other encodings, and other delimiters than the machine’s, are converted on the way. Run the same command again to resume an interrupted import: nothing is uploaded or started twice. Of a ZIP each CSV in it is imported, one after the other in the order of their names, by import-zip: yyyymmddHHMMss-<table>.csv names its table.',
  arguments: [
    {
      syntax: '[file.csv...]',
      description: 'files and patterns (*.csv), a ZIP of them, - for standard input',
    },
  ],
  options: [
    {
      flags: '--table <name>',
      description: "name of these rows in the app (default: the file's name)",
      parse: keyPart,
    },
    { flags: '--tenant <code>', description: "tenant code (default: the target's)", parse: keyPart },
    { flags: '--bucket <name>', description: 'bucket for the upload' },
    { flags: '--key <key>', description: 'key for the upload (default: imports/<date>-<hash>/<file>)' },
    {
      flags: '--sse <how>',
      description: "encryption of the upload (default: the target's, else the bucket's own)",
      choices: ['AES256', 'aws:kms'],
    },
    { flags: '--sse-kms-key-id <key>', description: 'key for aws:kms: its id, ARN or alias' },
    {
      flags: '--encoding <name>',
      description: 'encoding of the files (default: detected)',
      parse: encoding,
    },
    {
      flags: '--delimiter <char>',
      description: 'comma, tab, semicolon, pipe or space (default: detected)',
      parse: delimiter,
    },
    { flags: '--header', description: 'the first record names the columns (the default)' },
    { flags: '--no-header', description: 'the first record is a row; the columns are named 1, 2, … or:' },
    {
      flags: '--columns <a,b,c>',
      description: 'names of the columns of files without a header',
      parse: names,
    },
    {
      flags: '--attributes <k=v...>',
      description: "further members of the machine's input",
      parse: attribute,
    },
    {
      flags: '--via <way>',
      description:
        "start through the framework's job record (table) or directly (execution); auto: as the machine needs",
      default: 'auto',
      choices: ['auto', 'table', 'execution'],
    },
    {
      flags: '--source-id <id>',
      description: 'id of an existing job record, for machines that close one',
    },
    { flags: '--check', description: 'only check the files' },
    { flags: '--fix', description: 'repair the problems that the check warns about, where possible' },
    { flags: '--strict', description: 'reject files that the check warns about' },
    {
      flags: '--max-problems <n>',
      description: 'number of problems of each kind to list (default: 20)',
      parse: count,
    },
    { flags: '--failed-rows <file>', description: 'write the failed rows and the reasons to a CSV' },
    { flags: '--retry <execution>', description: 'import the failed rows of an earlier import again' },
    { flags: '--again', description: 'import a file again that was imported before' },
    {
      flags: '--parallel <n>',
      description: 'number of files to import at the same time',
      default: '1',
      parse: count,
    },
    { flags: '--detach', description: 'do not wait for the end' },
    {
      flags: '--until <state>',
      description:
        'how far to follow queued rows (default: stored if the tables and queues can be read); stored: a row that is not stored is exit 1; queued: a row in the queue counts as good',
      choices: ['queued', 'stored'],
    },
    {
      flags: '--timeout <duration>',
      description: 'stop following after this time (90, 30s, 5m, 2h) with exit 124',
      parse: duration,
    },
  ],
  examples: [
    { line: 'mbc-flow import products.csv', what: 'on this machine, or the default target' },
    { line: 'mbc-flow import --check *.csv', what: 'check only' },
    { line: 'mbc-flow import 商品.csv --table products --tenant t1 --target dev', what: 'on AWS' },
    {
      line: 'mbc-flow import products.csv --failed-rows failed.csv',
      what: 'rows to correct and import again',
    },
    { line: 'mbc-flow import 20260101.zip --tenant t1', what: 'all CSV files in it, each followed' },
    { line: 'mbc-flow import --retry @last', what: 'only the rows that failed, as they are' },
    { line: 'mbc-flow import products.csv -o json', what: 'counts and failed lines for a script' },
  ],
});

export type ImportOptions = Parameters<Run<typeof declaration>>[2];

export const importCommand = command(declaration, () => import('./import.run.js'));
