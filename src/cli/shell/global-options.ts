import type { OptionSpec } from './command.js';

/** The flags that every command takes. */
export const globalOptions: OptionSpec[] = [
  { flags: '--target <name>', description: 'a target of mbc-flow.json, local, or env (MBC_FLOW_TARGET)' },
  { flags: '--local', description: 'the embedded local server, whatever the config says' },
  { flags: '--profile <name>', description: 'AWS profile' },
  { flags: '--region <name>', description: 'AWS region' },
  { flags: '--endpoint-url <url>', description: 'endpoint of every service instead of AWS' },
  {
    flags: '--data-dir <dir>',
    description: "the local server's data (MBC_FLOW_DATA_DIR; default .mbc-flow)",
  },
  {
    flags: '-o, --output <form>',
    description: 'form of the results',
    default: 'text',
    choices: ['text', 'json', 'ndjson'],
  },
  { flags: '--no-color', description: 'no colours (NO_COLOR)' },
  { flags: '-q, --quiet', description: 'results and errors only' },
  { flags: '-v, --verbose', description: 'tell each API call with its duration' },
  { flags: '-y, --yes', description: 'do not ask; needed for protected targets without a terminal' },
  { flags: '-n, --dry-run', description: 'say what would be done, change nothing' },
];
