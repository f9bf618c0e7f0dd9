import { delimiter, encoding } from '../import/dialect.js';
import { command, declare, type Run } from '../shell/command.js';
import { count, duration, keyPart } from '../shell/input/flag-values.js';

export const declaration = declare({
  name: 'task start',
  changes: true,
  summary: 'Run the items of a file as task batches and report the outcome of each item',
  description:
    'The items (a JSON array, NDJSON, a CSV with a header, or standard input) are cut into as few executions as keep AWS’s limits. All of them are followed, and what became of each item is told in the order of the file, also where the execution says SUCCEEDED. An item that fails ends its execution: the items that it broke off or kept from running go on in a further one (an item must bear to be run twice). The same command line again goes on where it was broken off: nothing is started twice.',
  arguments: [{ syntax: '[items]', description: 'file: .json, .ndjson, .csv, or - for standard input' }],
  options: [
    { flags: '--type <name>', description: 'type of the tasks, by which the app tells them apart' },
    { flags: '--tenant <code>', description: "tenant code (default: the target's)", parse: keyPart },
    { flags: '--machine <machine>', description: 'state machine: role, name or ARN', default: 'task' },
    {
      flags: '--via <way>',
      description:
        "start through the framework's record (table) or directly (execution); auto: as the machine needs",
      default: 'auto',
      choices: ['auto', 'table', 'execution'],
    },
    { flags: '--batch-size <n>', description: 'maximum number of items per execution', parse: count },
    {
      flags: '--seconds-per-item <seconds>',
      description:
        "how long an item takes, to keep the machine's timeout (default: measured in former batches)",
      parse: duration,
    },
    {
      flags: '--parallel <n>',
      description: 'number of executions at the same time',
      default: '10',
      parse: count,
    },
    {
      flags: '--stop-on-failure',
      description: 'do not rerun items that a failed item aborted or kept from running',
    },
    {
      flags: '--rerun <reference>',
      description: 'only the items that failed or never ran in an earlier batch or execution',
    },
    { flags: '--results <file>', description: 'write the results of all items: .ndjson or .csv' },
    { flags: '--encoding <name>', description: 'encoding of a CSV (default: detected)', parse: encoding },
    {
      flags: '--delimiter <char>',
      description: 'of a CSV: comma, tab, semicolon, pipe or space (default: detected)',
      parse: delimiter,
    },
    { flags: '--again', description: 'run a batch again that was run before' },
    { flags: '--detach', description: 'start everything without waiting for the end' },
  ],
  examples: [
    { line: 'mbc-flow task start items.json', what: 'on this machine, or the default target' },
    { line: 'mbc-flow task start items.csv --dry-run --seconds-per-item 4', what: 'show the plan only' },
    {
      line: 'mbc-flow task start 商品.csv --type product --tenant t1 --target dev',
      what: 'on AWS, through the framework’s records',
    },
    { line: 'mbc-flow task start - --type order', what: 'as in jq -c .orders[] day.json | …' },
    {
      line: 'mbc-flow task start items.json --results results.csv -o json',
      what: 'every result, for a script',
    },
    {
      line: 'mbc-flow task start --rerun items-1f0c2d9a3b4e5f60',
      what: 'only the items that did not succeed',
    },
  ],
});

export type StartOptions = Parameters<Run<typeof declaration>>[2];

export const taskStart = command(declaration, () => import('./start.run.js'));
