import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { exitCodes, FlowError } from '../../errors.js';
import { isObject, type JsonObject, parsedJson } from '../../json/json.js';
import { jsonText, parseWritten } from '../../json/lossless.js';
import type { Gateways } from '../../ports/aws.js';
import { definedStates, languageOf } from '../../workflow/definition/definition-states.js';
import { detailsOf, textOf } from '../../workflow/history/event-details.js';
import { lackOf, SAVE_ALL } from '../../workflow/history/incomplete-history.js';
import { readSavedHistory } from '../../workflow/history/saved-history.js';
import { executionParts, isExpress, machineName, machineOfExecution } from '../../workflow/names/arn.js';
import { readExpressLog } from '../follow/express-log.js';

/** An execution that has run, and all that is needed to run it again. */
export interface RecordedExecution {
  /** Few saved histories tell whose they are. */
  executionArn?: string;
  /** The file that its history was saved in. */
  savedIn?: string;
  name: string;
  stateMachineArn?: string;
  type: 'STANDARD' | 'EXPRESS';
  roleArn: string;
  /** JSON text; undefined where its history has no data. */
  input?: string;
  events: HistoryEvent[];
  /** JSON text of what it ran; undefined where nobody tells. */
  definition?: string;
}

type From = Pick<Gateways, 'states' | 'logs'>;

/** Reads it, without changing anything. `now`: epoch milliseconds. */
export async function readRecorded(
  gateways: From,
  executionArn: string,
  now: number,
): Promise<RecordedExecution> {
  const { states } = gateways;
  const express = isExpress(executionArn);
  const { events } = await eventsOf(gateways, executionArn, now);
  // Of an EXPRESS execution AWS knows the machine only, as it is today.
  const { definition, roleArn } = express
    ? await states.describeStateMachine(machineOfExecution(executionArn))
    : await states.describeStateMachineForExecution(executionArn);
  const recorded = recordedFrom(events, executionArn);
  return { ...recorded, roleArn, definition: partRun(definition, recorded) };
}

async function eventsOf(
  gateways: From,
  executionArn: string,
  now: number,
): Promise<{ events: HistoryEvent[] }> {
  if (isExpress(executionArn)) return await readExpressLog(gateways, executionArn, now);
  const events: HistoryEvent[] = [];
  for await (const page of gateways.states.historyPages(executionArn))
    for (const event of page) events.push(event);
  return { events };
}

/** @throws FlowError 2 when the text is no history */
export function savedExecution(text: string, where: string, only?: string): RecordedExecution {
  const { events, executionArn } = readSavedHistory(text, where, only);
  for (const event of events) refuseDamaged(event, where);
  return { ...recordedFrom(events, executionArn), savedIn: where };
}

/** What goes into the engine again, and was cut or changed on its way into the file. */
function refuseDamaged(event: HistoryEvent, where: string): void {
  if (!/^ExecutionStarted$|(?:Succeeded|Submitted)$/.test(event.type)) return;
  for (const [name, text] of Object.entries(detailsOf(event)))
    if ((name === 'input' || name === 'output') && typeof text === 'string' && parsedJson(text) === undefined)
      throw new FlowError(
        exitCodes.usage,
        'NotAHistory',
        `the ${name} of event ${event.id} (${event.type}) is not valid JSON`,
        { where, hint: SAVE_ALL },
      );
}

function recordedFrom(events: HistoryEvent[], executionArn: string | undefined): RecordedExecution {
  const started = events.find(({ type }) => type === 'ExecutionStarted');
  const { input, roleArn } = started ? detailsOf(started) : {};
  const { name = 'execution', stateMachineArn } = executionParts(executionArn);
  return {
    executionArn,
    name,
    stateMachineArn,
    type: executionArn !== undefined && isExpress(executionArn) ? 'EXPRESS' : 'STANDARD',
    roleArn: textOf(roleArn) ?? '',
    input: textOf(input),
    events,
  };
}

/** Of a map run's child, the processor of its Map; else the whole definition. JSON texts. */
export function partRun(definition: string, { stateMachineArn, events }: RecordedExecution): string {
  const label = stateMachineArn && /\/(.*)$/.exec(machineName(stateMachineArn))?.[1];
  if (!label) return definition;
  const entered = events.find(({ type }) => type.endsWith('StateEntered'));
  const first = entered && textOf(detailsOf(entered).name);
  const whole = parseWritten(definition) as JsonObject;
  if (first === undefined || whole.StartAt === first) return definition;
  const processors = definedStates(definition).flatMap(({ name, state, scope }) => {
    const processor = state.ItemProcessor ?? state.Iterator;
    return isObject(processor) && processor.StartAt === first ? [{ name, state, scope, processor }] : [];
  });
  const own = processors.find(({ name, state }) => (state.Label ?? name) === label) ?? processors[0];
  if (!own) return definition;
  const { ProcessorConfig: _, ...processor } = own.processor;
  return jsonText({ QueryLanguage: languageOf(processor, own.scope.queryLanguage), ...processor });
}

/** @throws FlowError 2 where it is not known */
export function inputOf({ input, executionArn, events }: RecordedExecution, where?: string): string {
  if (input !== undefined) return input;
  const lack = lackOf(events) ?? 'does not begin with the start';
  throw new FlowError(
    exitCodes.usage,
    'InputUnknown',
    `the history ${lack}: the input of the execution is not in it`,
    {
      where: where ?? executionArn,
      hint: where === undefined ? "give one: --input '{…}'" : `${SAVE_ALL}, or give an input: --input '{…}'`,
    },
  );
}
