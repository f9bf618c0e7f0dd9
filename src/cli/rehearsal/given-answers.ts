import { exitCodes, FlowError } from '../../errors.js';
import { readText } from '../../files/read-text.js';
import { isObject, type Json } from '../../json/json.js';
import { jsonText, parseWritten } from '../../json/lossless.js';
import { answersInFile } from '../../operations/rehearsal/answers-in-file.js';
import type { RehearsalOrder } from '../../operations/rehearsal/rehearse-execution.js';
import { statesThatAsk, unknownState } from '../../workflow/definition/states-that-ask.js';
import { createAnswers } from '../../workflow/flow-test/answers.js';
import type { FlowAnswer } from '../../workflow/flow-test/file-schema.js';
import { mapRunReplyOf, repliesOf } from '../../workflow/flow-test/run-case.js';
import { functionCallOf, repliesOfFunction } from '../../workflow/rehearsal/function-call.js';
import type { Reply, TaskCall } from '../../workflow/rehearsal/reply.js';
import { attemptKey, type Place } from '../../workflow/rehearsal/step-place.js';
import type { Context } from '../shell/context.js';
import { readJsonArgument } from '../shell/input/json-argument.js';

interface Given {
  answer?: string[];
  answers?: string;
  call?: string[];
}

/**
 * What the flags say of the calls that are made. `definition`: JSON text of what is to run.
 * @throws FlowError 2 for a state that it does not have
 */
export async function answering(
  context: Context,
  { answer = [], answers: file, call = [] }: Given,
  definition: string,
): Promise<Pick<RehearsalOrder, 'reply' | 'mapRun' | 'items'>> {
  const asking = statesThatAsk(definition);
  const states = new Set([...asking.map(({ name }) => name), ALL]);
  const flags: Record<string, FlowAnswer[]> = {};
  for (const text of answer) {
    const { stateName, ...one } = await answerOf(context, text, states);
    flags[stateName] = [...(flags[stateName] ?? []), one];
  }
  for (const name of call) flags[known(name, states, '--call')] ??= [{ call: 'function' }];
  const inFile =
    file === undefined
      ? undefined
      : await answersInFile(await readText(context, file), file === '-' ? 'stdin' : file, states);
  const answerOnce = createAnswers([flags, inFile]);
  const answerToAll = createAnswers([flags, inFile].map((all) => all?.[ALL] && { [ALL]: all[ALL] }));
  /** Each call takes the next answer of a list, and is asked about more than once. */
  const taken = new Map<string, FlowAnswer | undefined>();
  const answerTo = (place: Place): FlowAnswer | undefined => {
    const key = attemptKey(place);
    if (!taken.has(key)) taken.set(key, answerOnce(place));
    return taken.get(key);
  };
  return {
    async reply(task, recorded) {
      const meant =
        answerTo(task.place) ??
        // No answer of the history is pushed aside by it.
        (recorded === undefined ? answerToAll({ ...task.place, stateName: ALL }) : undefined);
      if (meant?.call !== undefined) return await called(context, task, recorded);
      return meant && meant.items === undefined ? repliesOf(meant) : undefined;
    },
    async mapRun({ place }) {
      const meant = answerTo(place);
      return meant && meant.items === undefined && !meant.never ? mapRunReplyOf(meant) : undefined;
    },
    items({ place }) {
      return answerTo(place)?.items as Json[] | undefined;
    },
  };
}

/** In the place of a name: every state for which neither the history nor anybody has an answer. */
const ALL = '*';

/** `STATE=JSON`, `STATE[2]=JSON`; a state's own name may have both characters. */
async function answerOf(
  context: Context,
  given: string,
  states: Set<string>,
): Promise<FlowAnswer & { stateName: string }> {
  const splits = [...given.matchAll(/=/g)].map(({ index }) => given.slice(0, index));
  const name =
    splits.find((before) => states.has(before)) ??
    splits.find((before) => states.has(before.replace(/\[\d+\]$/, ''))) ??
    splits[0];
  if (name === undefined)
    throw new FlowError(exitCodes.usage, 'BadUsage', `'${given}' names no state and its answer`, {
      where: '--answer',
      hint: `--answer 'STATE={"ok":true}'`,
    });
  const [, base, index] = states.has(name) ? [] : (/^(.*)\[(\d+)\]$/s.exec(name) ?? []);
  if (base === ALL)
    throw new FlowError(exitCodes.usage, 'BadUsage', '* is every state, not an iteration of one', {
      where: '--answer',
      hint: `--answer '*={"ok":true}'`,
    });
  const stateName = known(base ?? name, states, '--answer');
  const flag = { flag: '--answer', what: `answer of ${stateName}`, code: 'InvalidAnswer' };
  const { text } = await readJsonArgument(context, given.slice(name.length + 1), {
    ...flag,
    example: `${stateName}={"ok":true}`,
  });
  const value = parseWritten(text);
  return { stateName, value, ...(index !== undefined && { iteration: Number(index) }) };
}

function known(name: string, states: Set<string>, flag: string): string {
  if (states.has(name)) return name;
  throw new FlowError(exitCodes.usage, 'UnknownState', unknownState(name, states), { where: flag });
}

/** What the function says that this state calls, as the local server runs it. */
async function called(
  context: Context,
  task: TaskCall,
  recorded: readonly Reply[] | undefined,
): Promise<readonly Reply[]> {
  const meant = functionCallOf(task);
  if (!meant)
    throw new FlowError(
      exitCodes.usage,
      'NoFunction',
      `${task.place.stateName} calls no Lambda function: ${task.resource}`,
      { where: '--call', hint: `give its answer: --answer '${task.place.stateName}={…}'` },
    );
  const { gateways } = await context.connectLocal();
  const replies = repliesOfFunction(task, await gateways.functions.invoke(meant.functionName, meant.payload));
  // Whoever was handed the token answered it then.
  const answer = replies.map((reply) => withMetadata(reply, recorded));
  const submitted = replies.some(({ what }) => what.type === 'TaskSubmitted');
  return submitted ? [...answer, ...(recorded ?? []).filter(endsIt)] : answer;
}

const endsIt = ({ what }: Reply): boolean => what.type === 'TaskSucceeded' || what.type === 'TaskFailed';

/** What the service said of its call then stands for what it would say of this one. */
function withMetadata(reply: Reply, recorded: readonly Reply[] | undefined): Reply {
  const { what } = reply;
  const then = recorded?.find((one) => one.what.type === what.type)?.what;
  if (!('output' in what) || !then || !('output' in then)) return reply;
  const [old, now] = [parseWritten(then.output), parseWritten(what.output)];
  if (!isObject(old) || !isObject(now) || !('Payload' in now)) return reply;
  return { ...reply, what: { ...what, output: jsonText({ ...old, ...now }) } };
}
