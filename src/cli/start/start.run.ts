import { basename } from 'node:path';
import { exitCodes, FlowError } from '../../errors.js';
import { editJson } from '../../files/editor.js';
import { jsonText } from '../../json/lossless.js';
import { registerMachine } from '../../operations/start/register-machine.js';
import { machineName } from '../../workflow/names/arn.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import type { OptionsOf, Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { hintReference } from '../shell/hint-reference.js';
import { isFile, readDefinitionFile } from '../shell/input/definition-file.js';
import { readJsonArgument } from '../shell/input/json-argument.js';
import type { Target } from '../shell/target.js';
import type { declaration } from './start.js';
import { startForEach } from './start-for-each.js';
import { type StartOrder, startOne } from './start-one.js';
import { tryState } from './try-state.js';

type Options = OptionsOf<NonNullable<(typeof declaration)['options']>>;

export const run: Run<typeof declaration> = async (context, [machine], options) => {
  refuseBadUsage(options);
  const { each, name, check, follow = false, edit = false, rate, parallel: atOnce } = options;
  if (each !== undefined)
    return await startForEach(context, { machine, file: each, name, check, follow, atOnce, rate });
  const { text, where } = await readJsonArgument(context, options.input ?? '{}', inputFlag);
  const input = edit ? await editJson(context, text, 'input') : text;
  if (options.state !== undefined)
    return await tryState(context, machine, { ...options, state: options.state, input });
  const target = await context.connect({ changes: true });
  const meant = (await isFile(context, machine))
    ? await registered(context, target, machine)
    : { stateMachineArn: await target.machineArn(machine) };
  const as = name === undefined ? '' : ` as ${name}`;
  return await startOne(context, target, {
    name,
    follow,
    ...meant,
    input,
    where: edit ? '--edit' : where,
    again: name !== undefined,
    // An input that nobody gave is nobody's mistake.
    check: !check ? 'skip' : edit || options.input !== undefined ? 'refuse' : 'warn',
    change: `${meant.change ?? `start ${machineName(meant.stateMachineArn)}`}${as}`,
  });
};

interface Meant extends Pick<StartOrder, 'stateMachineArn' | 'machine'> {
  /** For the line before the change, where it is more than a start. */
  change?: string;
}

/** The state machine of a file, as the local server has it from now on; in a dry run, as it would have it. */
async function registered(context: Context, target: Target, path: string): Promise<Meant> {
  if (!target.loopback)
    throw new FlowError(exitCodes.usage, 'BadUsage', 'a file is started on the local server only', {
      where: path,
      hint: `mbc-flow start ${hintReference(path, { flagsForHints: '' })} --local`,
    });
  const found = await readDefinitionFile(context, path, undefined, () => `mbc-flow dev --template ${path}`);
  // What a template names keeps its name; an ASL file has that of the file.
  const name = (found.name === path ? basename(path) : found.name).replace(
    /(\.asl)?\.(json|ya?ml)$|\.asl$/,
    '',
  );
  const { stateMachineArn, change, machine } = await registerMachine(
    target.gateways.states,
    { name, definition: jsonText(found.written) },
    context.dryRun,
  ).catch((error: unknown) => {
    throw invalidFile(error, path);
  });
  if (machine)
    return { stateMachineArn, machine, change: `register ${name} from ${path} (${change}) and start it` };
  if (change) context.err.notice(`Registered ${name} from ${path} (${change})`);
  return { stateMachineArn };
}

/** A definition that the server refuses: of which file it is, and what lists all that is wrong with it. */
function invalidFile(error: unknown, path: string): unknown {
  if (!(error instanceof FlowError) || error.code !== 'InvalidDefinition') return error;
  const { exitCode, code, message } = error;
  return new FlowError(exitCode, code, message, {
    where: path,
    hint: `mbc-flow lint ${shellWord(path)}`,
    cause: error,
  });
}

const inputFlag = { flag: '--input', what: 'input', code: 'InvalidInput', example: '{"key":"value"}' };

function refuseBadUsage({ each, input, edit, rate, follow, state, mock, variables, role }: Options): void {
  const refuse = (flag: string, message: string): FlowError =>
    new FlowError(exitCodes.usage, 'BadUsage', message, {
      where: flag,
      hint: 'mbc-flow start approval --each inputs.ndjson',
    });
  if (each !== undefined && input !== undefined)
    throw refuse('--input', '--each reads the inputs from its file');
  if (each !== undefined && edit) throw refuse('--edit', '--each reads the inputs from its file');
  if (state !== undefined && (each !== undefined || follow))
    throw refuse('--state', 'one state alone is no execution: --each and --follow do not go with it');
  const alone = { '--mock': mock, '--variables': variables, '--role': role };
  for (const [flag, value] of Object.entries(alone))
    if (state === undefined && value !== undefined) throw refuse(flag, `${flag} requires --state`);
  if (each === undefined && rate !== undefined) throw refuse('--rate', '--rate requires --each');
}
