import { dirname, join } from 'node:path';
import { exitCodes, FlowError } from '../../errors.js';
import { editJson } from '../../files/editor.js';
import { readText } from '../../files/read-text.js';
import { jsonText } from '../../json/lossless.js';
import { definitionInFile } from '../../operations/execution/definition-in-file.js';
import {
  inputOf,
  partRun,
  type RecordedExecution,
  readRecorded,
  savedExecution,
} from '../../operations/rehearsal/recorded-execution.js';
import { type Rehearsal, rehearseExecution } from '../../operations/rehearsal/rehearse-execution.js';
import { missingText } from '../../views/rehearsal/missing-answer.js';
import { rehearsalLines } from '../../views/rehearsal/rehearsal.js';
import { rehearsalDocument } from '../../views/rehearsal/rehearsal-document.js';
import { rehearsalGraphLines } from '../../views/rehearsal/rehearsal-graph.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import type { OptionsOf, Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { readJsonArgument } from '../shell/input/json-argument.js';
import { answering } from './given-answers.js';
import type { declaration } from './rehearse.js';
import { refuseWithoutTerminal, stepThrough } from './step-through.js';

type Options = OptionsOf<NonNullable<(typeof declaration)['options']>>;

export const run: Run<typeof declaration> = async (context, [execution], options) => {
  if (options.step) refuseWithoutTerminal(context);
  const recorded = await recordedOf(context, execution, options);
  const { definition, source } = await definitionOf(context, recorded, options);
  const input = await chosenInput(context, recorded, options);
  const { evaluate, readItems } = context;
  const answers = await answering(context, options, definition);
  // A saved history has nothing of what Maps read; the target that is named beside it may.
  const reads = options.history === undefined || context.targetNamed;
  const gateways = reads ? (await context.connect({ changes: false })).gateways : undefined;
  const now = context.clock.now();
  const order = { recorded, definition, source, input, evaluate, readItems, gateways, now, ...answers };
  const rehearsal = await rehearseExecution(order);
  if (options.step) await stepThrough(context, rehearsal);
  print(context, rehearsal, options);
  const missing = missingText(rehearsal);
  if (missing)
    throw new FlowError(exitCodes.usage, 'AnswerMissing', missing.message, {
      where: (rehearsal.lack && recorded.savedIn) ?? source,
      hint: missing.hint,
    });
  return rehearsal.played.status === 'SUCCEEDED' ? exitCodes.ok : exitCodes.failed;
};

async function recordedOf(
  context: Context,
  execution: string | undefined,
  { history }: Options,
): Promise<RecordedExecution> {
  if (history !== undefined)
    return savedExecution(await readText(context, history), history === '-' ? 'stdin' : history, execution);
  if (execution === undefined)
    throw new FlowError(exitCodes.usage, 'BadUsage', 'specify an execution, or a saved history', {
      hint: 'mbc-flow rehearse @last',
    });
  const { gateways, executionArn } = await context.connect({ changes: false });
  return await readRecorded(gateways, await executionArn(execution), context.clock.now());
}

/** What is to run, and what it is called. */
async function definitionOf(
  context: Context,
  recorded: RecordedExecution,
  { definition: file, machine, history }: Options,
): Promise<{ definition: string; source: string }> {
  if (file !== undefined) {
    const text = await readText(context, file);
    const found = await definitionInFile({
      path: file,
      text,
      machine,
      commandFor: (name) =>
        `mbc-flow rehearse @last --definition ${shellWord(file)} --machine ${shellWord(name)}`,
      read: (path) => readText(context, join(dirname(file), path)).catch(() => undefined),
    });
    // Plain ASL keeps its numbers as they are written.
    const definition = jsonText(found.written === found.definition ? found.written : found.definition);
    return { definition: partRun(definition, recorded), source: file };
  }
  if (machine !== undefined) {
    const target = await context.connect({ changes: false });
    const { name, definition } = await target.gateways.states.describeStateMachine(
      await target.machineArn(machine),
    );
    return { definition: partRun(definition, recorded), source: name };
  }
  if (recorded.definition !== undefined)
    return { definition: recorded.definition, source: 'the definition that ran' };
  throw new FlowError(
    exitCodes.usage,
    'DefinitionUnknown',
    'a saved history does not tell the definition that ran',
    { where: history, hint: 'name one: --definition FILE, or --machine NAME of the target' },
  );
}

async function chosenInput(
  context: Context,
  recorded: RecordedExecution,
  { input, edit, history }: Options,
): Promise<string> {
  if (input !== undefined) {
    const flag = { flag: '--input', what: 'input', code: 'InvalidInput', example: '{"requestId":"r-1"}' };
    const { text } = await readJsonArgument(context, input, flag);
    return edit ? await editJson(context, text, 'input') : text;
  }
  const given = inputOf(recorded, history);
  return edit ? await editJson(context, given, 'input') : given;
}

function print({ out, terminal, verbose }: Context, rehearsal: Rehearsal, { graph }: Options): void {
  const { color, utc } = terminal;
  // Data would make lines as long as itself, in a pipe too: whole, it is in JSON and under --verbose.
  const columns = verbose ? Number.MAX_SAFE_INTEGER : terminal.columns;
  const look = { color, utc, stdoutIsTTY: !verbose, columns };
  out.document(rehearsalDocument(rehearsal), lines());
  function* lines(): Generator<string> {
    yield* rehearsalLines(rehearsal, look);
    if (graph) yield '';
    if (graph) yield* rehearsalGraphLines(rehearsal, color);
  }
}
