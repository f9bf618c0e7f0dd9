import { command, declare } from '../shell/command.js';
import { attribute } from './attribute.js';
import { sharedOptions, whichFunction } from './options.js';

export const declaration = declare({
  name: 'trigger queue',
  changes: true,
  summary: 'Deliver a message to a function, as its queue would',
  description: `The event is the one of AWS's event source mapping, with one message; several are delivered one by one. ${whichFunction}`,
  arguments: [
    { syntax: '<queue>', description: 'with or without the prefix of the target' },
    {
      syntax: '<message>',
      description: 'its body, JSON or text; NDJSON is several: a file, @file, -, or the JSON itself',
    },
  ],
  options: [
    { flags: '--sns [topic]', description: 'in the envelope of a topic of SNS (main-sns)' },
    { flags: '--attribute <name=value...>', description: 'attributes of the message', parse: attribute },
    { flags: '--group <id>', description: 'message group, in a FIFO queue' },
    ...sharedOptions,
  ],
  examples: [
    {
      line: 'mbc-flow trigger queue task-action-queue message.json --follow',
      what: 'a message; wait for what it starts',
    },
    {
      line: 'mbc-flow trigger queue notices message.json --sns --attribute action=created',
      what: 'as SNS wraps it',
    },
  ],
});

export const triggerQueue = command(declaration, () => import('./queue.run.js'));
