import { isObject, type Json } from '../../src/json/json.js';
import type { Omit } from './compare.js';
import { detailsOf, type RecordedEvent } from './record.js';

/** `17-03-2024, 11:09:25`, as recordings have it, at 00:00. */
function dayOf(recordedDate: string): Date {
  const [day, month, year] = recordedDate.split(/[-,]/).map(Number);
  return new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day));
}

/**
 * How AWS would record the same today. Since then it changed
 * - 15 November 2023: the context object and DescribeExecution tell of redrives;
 * - by 13 November 2024: the exit of a distributed Map follows MapRunStarted (before, to June: MapRunSucceeded);
 * - by 27 December 2024: EvaluationFailed follows the state's entering (before: what that followed).
 * - by 6 November 2025: what an SDK says of a failure ends with its count of attempts.
 */
export function inTodaysForm(
  recorded: RecordedEvent[],
  recordedDate: string,
): { events: RecordedEvent[]; omit: Omit } {
  const day = dayOf(recordedDate);
  const before = (date: string): boolean => day < new Date(date);
  const events = recorded.map((event) => {
    const previous = (type: RegExp) =>
      recorded.findLast((one) => Number(one.id) < Number(event.id) && type.test(one.type));
    if (event.type === 'EvaluationFailed' && before('2024-12-01')) {
      const entered = recorded.findLast(
        (one) =>
          one.id < event.id &&
          one.type.endsWith('StateEntered') &&
          detailsOf(one).name === detailsOf(event).state,
      );
      if (entered?.previousEventId === event.previousEventId)
        return { ...event, previousEventId: entered.id };
    }
    if (event.type === 'MapStateExited' && before('2024-11-01')) {
      const [run, started] = [previous(/^MapRunSucceeded$/), previous(/^MapRunStarted$/)];
      if (run && started && event.previousEventId === run.id)
        return { ...event, previousEventId: started.id };
    }
    return event;
  });
  return {
    events: before('2025-11-01') ? (events.map(counted) as RecordedEvent[]) : events,
    omit: addedSince(recordedDate),
  };
}

/** Members of answers and of the context object that AWS has added, with the day. */
const ADDED: [string, string[]][] = [
  ['2023-11-15', ['RedriveCount', 'RedriveStatus', 'RedriveStatusReason']],
  ['2023-11-15', ['redriveCount', 'redriveStatus', 'redriveStatusReason']],
  ['2024-07-25', ['encryptionConfiguration']],
];

/** Those that a recording of a day cannot have. */
export const addedSince = (recordedDate: string): Omit =>
  new Set(ADDED.flatMap(([day, names]) => (dayOf(recordedDate) <= new Date(day) ? names : [])));

const SDK_FAILURE = /\(Service: \w+, Status Code: \d+, Request ID: [^()]+\)(?! \(SDK)/g;

function counted(value: Json): Json {
  if (typeof value === 'string') return value.replace(SDK_FAILURE, '$& (SDK Attempt Count: 1)');
  if (Array.isArray(value)) return value.map(counted);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, counted(item)]));
}
