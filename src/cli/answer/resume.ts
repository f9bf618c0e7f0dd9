import { command, declare } from '../shell/command.js';
import { requestReference } from '../shell/execution-reference.js';
import { choosing, forcing, many, tokenFromStdin } from './options.js';

export const declaration = declare({
  name: 'resume',
  changes: true,
  summary: 'Answer any paused step so that its execution continues',
  description:
    'As `approve`, with any answer: {} without --answer, {"result":0} for the framework’s wait_prev_command. --chain resumes the stuck versions of an entity one after the other, the oldest first; each replays its sync handlers.',
  arguments: [{ syntax: '[reference...]', description: requestReference }],
  options: [
    {
      flags: '--answer <json>',
      description: 'output of the step: JSON text, @file, or - for stdin',
    },
    {
      flags: '--chain',
      description: 'all stuck versions of the entity: its key, a request id or an execution',
    },
    ...many,
    ...choosing,
    tokenFromStdin,
    forcing,
  ],
  examples: [
    { line: `mbc-flow resume r-1 --answer '{"total":3}'`, what: 'with an answer' },
    { line: 'mbc-flow resume @last', what: 'the one paused step of an execution' },
    { line: "mbc-flow resume --chain 'SAMPLE#t1/A001' --dry-run", what: 'which versions would be replayed' },
  ],
});

export const resume = command(declaration, () => import('./resume.run.js'));
