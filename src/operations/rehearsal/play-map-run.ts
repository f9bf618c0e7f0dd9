import { compileMachine } from '../../asl/definition.js';
import { type Evaluate, listItems, type MapItem } from '../../asl/engine/map-item.js';
import type { ExecutionSpec, MapRunSpec } from '../../asl/engine/protocol.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { jsonText, parseWritten } from '../../json/lossless.js';
import type { Gateways } from '../../ports/aws.js';
import { type MapRunChild, playMapRun } from '../../workflow/flow-test/play-map-run.js';
import type { MapRunCall, Played } from '../../workflow/rehearsal/play.js';
import { sameItems, sameProcessor } from '../../workflow/rehearsal/recorded-map-run.js';
import type { RecordedMapRun } from '../../workflow/rehearsal/recording.js';
import { playAgain, type RehearsalPlan } from '../../workflow/rehearsal/rehearse.js';
import type { MapRunReply, TaskCall } from '../../workflow/rehearsal/reply.js';
import type { Place } from '../../workflow/rehearsal/step-place.js';
import { type RecordedChild, type RecordedChildren, recordedChildren } from './map-run-children.js';
import { itemsOfReader, type ReadItems, ReadItemsError } from './read-items.js';

interface Around {
  /** Undefined: a saved history, whose children nobody can read. */
  gateways: Pick<Gateways, 'states' | 'logs' | 'objects'> | undefined;
  definitions: { ran: Json; now: Json };
  parent: ExecutionSpec;
  evaluate: Evaluate;
  readItems: ReadItems;
  reply: RehearsalPlan['reply'];
  now: number;
  /** Is told what a child asks that nobody answers. */
  missing(call: TaskCall | MapRunCall): void;
}

/**
 * A map run of the new way, its children played again from those that had the same input. Undefined: it asks what nobody
 * answers.
 * @param items what the user says that its ItemReader reads
 */
export async function playedMapRun(
  call: MapRunCall,
  recorded: RecordedMapRun | undefined,
  items: Json[] | JsonObject | undefined,
  around: Around,
): Promise<MapRunReply | undefined> {
  const { spec } = call.effect;
  const { gateways, definitions, evaluate } = around;
  const children =
    gateways && recorded
      ? recordedChildren(gateways, recorded, { express: spec.executionType === 'EXPRESS', now: around.now })
      : undefined;
  const given = items ?? spec.items;
  let goesOver = given && listItems(given);
  let asked = call;
  if (!goesOver && children && sameItems(call.place, definitions)) {
    goesOver = await asThen(children);
    if (goesOver) asked = plain(call, spec);
  }
  try {
    goesOver ??= gateways && (await itemsOfReader(spec, gateways, around.readItems));
  } catch (error) {
    if (!(error instanceof ReadItemsError)) throw error;
    return { type: 'MapRunFailed', error: 'States.ItemReaderFailed', cause: error.message, after: 0 };
  }
  if (!goesOver) return undefined;
  const same = sameProcessor(call.place, definitions);
  return await playMapRun(asked, goesOver, evaluate, async (child) => {
    const then = await children?.take(child.input);
    // What ran as it would run now has ended so.
    if (then && same && then.end.status !== 'RUNNING') return endedThen(then, child);
    return await playChild(call, child, then, around);
  });
}

/** What the children got; nothing of what an ItemReader read but that is known. */
async function asThen(children: RecordedChildren): Promise<MapItem[] | undefined> {
  const inputs = await children.inputs();
  return inputs.length > 0 ? inputs.map((text) => ({ value: parseWritten(text) })) : undefined;
}

/** The same over inputs that were selected and put into batches already. */
const plain = (call: MapRunCall, spec: MapRunSpec): MapRunCall => ({
  ...call,
  effect: {
    ...call.effect,
    spec: { ...spec, itemReader: undefined, itemSelector: undefined, itemBatcher: undefined },
  },
});

const endedThen = ({ end, took }: RecordedChild, { at }: MapRunChild): Played => ({
  status: end.status as Played['status'],
  output: end.output,
  error: end.error,
  cause: end.cause,
  events: [],
  places: [],
  stoppedAt: at + took,
});

async function playChild(
  call: MapRunCall,
  { index, input, at }: MapRunChild,
  then: RecordedChild | undefined,
  { parent, evaluate, reply, missing }: Around,
): Promise<Played> {
  const { itemProcessor, executionType } = call.effect.spec;
  const definition = jsonText(itemProcessor);
  const placed = <C extends { place: Place }>(asked: C): C => ({
    ...asked,
    place: { ...asked.place, iterations: [...call.place.iterations, index, ...asked.place.iterations] },
  });
  const played = await playAgain({
    events: (await then?.events()) ?? [],
    ranDefinition: definition,
    definition,
    machine: compileMachine(isObject(itemProcessor) ? itemProcessor : {}),
    spec: { ...parent, name: `${parent.name}-${index}`, input, startDate: at, type: executionType },
    evaluate,
    reply: reply && ((task, recorded) => reply(placed(task), recorded)),
  });
  if (played.missing) missing(placed(played.missing));
  return played;
}
