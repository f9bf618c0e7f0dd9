import { exitCodes, FlowError } from '../../errors.js';
import { editJson } from '../../files/editor.js';
import { readText } from '../../files/read-text.js';
import { jsonErrorOffset, positionOf } from '../../json/source.js';
import { jsonFault } from '../../json/text.mjs';
import { machineName } from '../../workflow/names/arn.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { declaration } from './start.js';
import { startEach } from './start-each.js';
import { startOne } from './start-one.js';

export const run: Run<typeof declaration> = async (context, [machine], options) => {
  refuseBadUsage(options);
  const order = {
    machine: String(machine),
    name: typeof options.name === 'string' ? options.name : undefined,
    follow: options.follow === true,
  };
  const check = options.check !== false;
  if (typeof options.each === 'string') {
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
