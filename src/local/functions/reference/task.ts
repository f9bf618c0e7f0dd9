import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../../../json/json.js';
import type { FunctionHost } from '../../ports.js';
import { member, type StepEvent } from './step-event.js';

/**
 * One item of a batch. An item is the framework's sub-task record, which holds the caller's item as `input`, or
 * that item itself. `{"fail": "message"}` fails, `{"sleepMs": n}` takes its time.
 */
export async function taskItem(_host: FunctionHost, event: StepEvent): Promise<Json> {
  const record = event.input;
  const item = member(record, 'pk') !== undefined ? (member(record, 'input') ?? null) : record;
  const delay = member(item, 'sleepMs');
  if (typeof delay === 'number' && delay > 0) await sleep(delay);
  const failure = member(item, 'fail');
  if (typeof failure === 'string') throw new Error(failure);
  return { result: item };
}
