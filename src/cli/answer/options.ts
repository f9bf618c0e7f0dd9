import type { OptionSpec, OptionsOf } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';

const inExecution = {
  flags: '--execution <execution>',
  description: `only in this execution: ${executionReference}`,
} as const satisfies OptionSpec;

/** Options that say which paused step of a machine is meant. */
const choosingAfterMachine = [
  { flags: '--state <name>', description: 'only this state' },
  {
    flags: '--match <path=value...>',
    description: 'only where this is so, in what was sent, the state’s input or the execution’s',
  },
  { flags: '--deep', description: 'read every running execution, remembered or not' },
] as const satisfies OptionSpec[];

/** The same where the machine is an argument. */
export const choosingInMachine = [inExecution, ...choosingAfterMachine] as const;

/** Options that say which paused step is meant; all answers take them. */
export const choosing = [
  inExecution,
  { flags: '--machine <machine>', description: 'only of this state machine: role, name or ARN' },
  ...choosingAfterMachine,
] as const satisfies OptionSpec[];

/** Options of answers to many. */
export const many = [
  { flags: '--from <file>', description: 'request ids, one a line; - is stdin' },
  { flags: '--all', description: 'everything that --match, --machine and --state leave' },
  {
    flags: '--again',
    description: 'answer all of --from anew: do not go on where the same line was broken off',
  },
] as const satisfies OptionSpec[];

export const forcing = {
  flags: '--force',
  description: 'send also what the execution would break on',
} as const satisfies OptionSpec;

export const tokenFromStdin = {
  flags: '--token-stdin',
  description:
    'answer the task token that stdin has; with --execution it is checked and proven, without it needs --force',
} as const satisfies OptionSpec;

export type Choosing = OptionsOf<typeof choosing>;
/** What all answers share; some take no token. */
export type AnswerOptions = Choosing &
  OptionsOf<typeof many> &
  OptionsOf<readonly [typeof forcing, typeof tokenFromStdin]>;
