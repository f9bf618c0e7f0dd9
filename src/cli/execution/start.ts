import { exitCodes, FlowError } from '../../errors.js';
import { editJson } from '../../files/editor.js';
import { readText } from '../../files/read-text.js';
import { jsonErrorOffset, positionOf } from '../../json/source.js';
import { jsonFault } from '../../json/text.mjs';
import { machineName } from '../../workflow/names/arn.js';
import type { Command, Context } from '../shell/command.js';
import { startOne } from './start-one.js';

export const start: Command = {
  name: 'start',
  changes: true,
  summary: 'Start any state machine, once or for each of many inputs',
  description:
    'Prints the ARN of the new execution. The input is tried on the machine’s first states before: what they miss for certain is refused. A --name that was given before with the same input means the execution that is there. With --each, names come from the inputs, so that the same command line again goes on where it was broken off and starts nothing twice.',
  arguments: [{ syntax: '<machine>', description: 'state machine: role, name or ARN' }],
  options: [
    { flags: '--input <json>', description: 'JSON text, @file, or - for stdin (default: {})' },
    { flags: '--edit', description: 'write the input in $VISUAL or $EDITOR, from that of --input' },
    { flags: '--each <file>', description: 'one execution for each line of JSON in a file, or - for stdin' },
    {
      flags: '--name <name>',
      description: 'name of the execution (default: a random one); with --each, what all names begin with',
    },
    { flags: '--no-check', description: 'start it even where its first states miss something in the input' },
    { flags: '--follow', description: 'follow it to its end; its outcome decides the exit code' },
    { flags: '--rate <n/s>', description: 'with --each: at most so many starts a second' },
    { flags: '--parallel <n>', description: 'with --each: at most so many at once', default: '10' },
  ],
  examples: [
    { line: 'mbc-flow start approval --input \'{"requestId":"r-1"}\'', what: 'with an input' },
    {
      line: 'mbc-flow start sfn-task --input @items.json --follow',
      what: 'input from a file; wait for the end',
    },
    {
      line: 'mbc-flow start sync --each orders.ndjson --follow --rate 20/s -o ndjson',
      what: 'one execution a line, 20 a second, 10 at once; one result a line',
    },
  ],
  async run(context, [machine], options) {
    refuseBadUsage(options);
    const order = {
      machine: String(machine),
      name: typeof options.name === 'string' ? options.name : undefined,
      follow: options.follow === true,
    };
    const check = options.check !== false;
    if (typeof options.each === 'string') {
      const { startEach } = await import('./start-each.js');
      return await startEach(context, { ...order, file: options.each, check }, options);
    }
    const { text, where } = await readInput(context, String(options.input ?? '{}'));
    const edit = options.edit === true;
    const input = edit ? await editJson(context, text, 'input') : text;
    const target = await context.connect({ changes: true });
    const stateMachineArn = await target.machineArn(order.machine);
    return await startOne(context, target, {
      ...order,
      stateMachineArn,
      input,
      where: edit ? '--edit' : where,
      again: order.name !== undefined,
      // An input that nobody gave is nobody's mistake.
      check: !check ? 'skip' : edit || options.input !== undefined ? 'refuse' : 'warn',
      change: `start ${machineName(stateMachineArn)}${order.name === undefined ? '' : ` as ${order.name}`}`,
    });
  },
};

function refuseBadUsage(options: Record<string, unknown>): void {
  const each = options.each !== undefined;
  const stray = each
    ? ['input', 'edit'].find((name) => options[name] !== undefined)
    : options.rate === undefined
      ? undefined
      : 'rate';
  if (stray === undefined) return;
  throw new FlowError(
    exitCodes.usage,
    'BadUsage',
    each ? 'the inputs are those of the file' : 'there is but one start',
    { where: `--${stray}`, hint: 'mbc-flow start <machine> --each inputs.ndjson' },
  );
}

/** The JSON text that `--input` means, and where it stands. @throws FlowError with the place when it is not JSON */
async function readInput(context: Context, given: string): Promise<{ text: string; where: string }> {
  const file = given === '-' ? given : given.startsWith('@') ? given.slice(1) : undefined;
  const text = file === undefined ? given : await readText(context, file);
  const where = file === undefined ? '--input' : file === '-' ? 'stdin' : file;
  const offset = jsonErrorOffset(text);
  if (offset === undefined) return { text, where };
  const { line, column } = positionOf(text, offset);
  throw new FlowError(exitCodes.usage, 'InvalidInput', `the input ${jsonFault(text)}`, {
    where: `${where}:${line}:${column}`,
    hint: `--input '{"key":"value"}', --input @file.json, or --input - for stdin`,
  });
}
