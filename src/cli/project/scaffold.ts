import { command, declare } from '../shell/command.js';
import { stateNames } from './name-list.js';

export const declaration = declare({
  name: 'scaffold',
  changes: true,
  summary: 'Write a workflow: event, handler, route, service, tests, state machine',
  description:
    'Kinds: workflow (all of the parts, and the patches that connect them), event, handler, factory, service, machine (one part alone), stack (CDK for the whole of the framework), app (a small application). The project is the folder of the nearest package.json. Existing files are patched in place, never overwritten without --force; a second run changes nothing.',
  arguments: [
    { syntax: '<kind>', description: 'workflow, event, handler, factory, service, machine, stack, app' },
    { syntax: '<name>', description: 'kebab-case, as the state machine is called: order-approval' },
  ],
  options: [
    {
      flags: '--states <names>',
      description: 'states that do work, in order (default: initialize,process,finalize)',
      parse: stateNames,
    },
    { flags: '--approval', description: 'wait for an approval after the first state' },
    { flags: '--map', description: 'work on each of the items of the input' },
    { flags: '--csv-import', description: 'work on the rows of a CSV file in S3, in batches' },
    {
      flags: '--zip-import',
      description: 'have the CSV files of a ZIP archive imported, one after the other',
    },
    {
      flags: '--query-language <language>',
      description: 'of the state machine',
      choices: ['JSONPath', 'JSONata'],
      default: 'JSONPath',
    },
    {
      flags: '--from <file>',
      description:
        'an existing state machine (ASL, or one of a template or serverless.yml): methods for its states',
    },
    { flags: '--force', description: 'overwrite existing files that differ' },
  ],
  examples: [
    { line: 'mbc-flow scaffold workflow order-approval --approval', what: 'pauses until mbc-flow approve' },
    { line: 'mbc-flow scaffold workflow closing --states collect,check,close', what: 'states of your own' },
    {
      line: 'mbc-flow scaffold handler billing --from billing.asl.json',
      what: 'methods for a machine that is there',
    },
    { line: 'mbc-flow scaffold workflow refund --dry-run', what: 'show the changes, write nothing' },
  ],
});

export const scaffold = command(declaration, () => import('./scaffold.run.js'));
