import { exitCodes, FlowError } from '../../errors.js';
import { editJson } from '../../files/editor.js';
import { machineName } from '../../workflow/names/arn.js';
import type { OptionsOf, Run } from '../shell/command.js';
import { readJsonArgument } from '../shell/json-argument.js';
import type { declaration } from './start.js';
import { startForEach } from './start-for-each.js';
import { startOne } from './start-one.js';

type Options = OptionsOf<NonNullable<(typeof declaration)['options']>>;

export const run: Run<typeof declaration> = async (context, [machine], options) => {
  refuseBadUsage(options);
  const { each, name, check, follow = false, edit = false, rate, parallel: atOnce } = options;
  if (each !== undefined)
    return await startForEach(context, { machine, file: each, name, check, follow, atOnce, rate });
  const { text, where } = await readJsonArgument(context, options.input ?? '{}', inputFlag);
  const input = edit ? await editJson(context, text, 'input') : text;
  const target = await context.connect({ changes: true });
  const stateMachineArn = await target.machineArn(machine);
  return await startOne(context, target, {
    name,
    follow,
    stateMachineArn,
    input,
    where: edit ? '--edit' : where,
    again: name !== undefined,
    // An input that nobody gave is nobody's mistake.
    check: !check ? 'skip' : edit || options.input !== undefined ? 'refuse' : 'warn',
    change: `start ${machineName(stateMachineArn)}${name === undefined ? '' : ` as ${name}`}`,
  });
};

const inputFlag = { flag: '--input', what: 'input', code: 'InvalidInput', example: '{"key":"value"}' };

function refuseBadUsage({ each, input, edit, rate }: Options): void {
  const refuse = (flag: string, message: string): FlowError =>
    new FlowError(exitCodes.usage, 'BadUsage', message, {
      where: flag,
      hint: 'mbc-flow start <machine> --each inputs.ndjson',
    });
  if (each !== undefined && input !== undefined)
    throw refuse('--input', '--each reads the inputs from its file');
  if (each !== undefined && edit) throw refuse('--edit', '--each reads the inputs from its file');
  if (each === undefined && rate !== undefined) throw refuse('--rate', '--rate requires --each');
}
