import type { OptionSpec } from './command.js';
import { endpointUrl, notEmpty, region } from './input/target-values.js';

/** The flags that every command takes. */
export const globalOptions: OptionSpec[] = [
  {
    flags: '--target <name>',
    description: 'target from mbc-flow.json, or local or env (MBC_FLOW_TARGET)',
    parse: notEmpty,
  },
  { flags: '--local', description: 'use the embedded local server, whatever the config says' },
  { flags: '--profile <name>', description: 'AWS profile to use', parse: notEmpty },
  { flags: '--region <name>', description: 'AWS region to use', parse: region },
  {
    flags: '--endpoint-url <url>',
    description: 'endpoint to use for every service instead of AWS',
    parse: endpointUrl,
  },
  {
    flags: '--data-dir <dir>',
    description: 'data directory of the local server (MBC_FLOW_DATA_DIR; default .mbc-flow)',
    parse: notEmpty,
  },
  {
    flags: '-o, --output <form>',
    description: 'output format',
    default: 'text',
    choices: ['text', 'json', 'ndjson'],
  },
  { flags: '--no-color', description: 'disable color output (NO_COLOR)' },
  { flags: '--utc', description: 'show times in UTC instead of the time zone of this machine' },
  { flags: '-q, --quiet', description: 'print results and errors only' },
  { flags: '-v, --verbose', description: 'log each API call with its duration' },
  { flags: '-y, --yes', description: 'skip confirmation; required for protected targets without a terminal' },
  { flags: '-n, --dry-run', description: 'show what would be done without changing anything' },
];
