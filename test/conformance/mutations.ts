import { isDeepStrictEqual } from 'node:util';
import { randomNumbers } from '../soak/seed.js';
import { difference } from './compare.js';
import { differenceOf, type Ran } from './executions.js';
import { type Draw, FAULTS } from './faults.js';
import type { Made } from './live.js';
import { tellsOfPayloads } from './sent.js';

export interface Mutations {
  made: number;
  /** Those that were not found: which fault, in which record, and what it changed. */
  missed: string[];
}

/** Faults put into what our server made of recorded executions: the comparison finds them. */
export function mutate(ran: Ran[], count: number, seed: number): Mutations {
  const random = randomNumbers(seed);
  const draw: Draw = (below) => Math.floor(random() * below);
  const names = Object.keys(FAULTS);
  const missed: string[] = [];
  for (let made = 0; made < count; ) {
    const one = ran[draw(ran.length)];
    if (!one) break;
    const at = draw(one.made.length);
    const name = names[draw(names.length)] ?? '';
    const sound = recordedPart(one, at);
    const faulty = FAULTS[name]?.(structuredClone(sound), draw);
    if (!faulty) continue;
    made++;
    const whole = { ...one.made[at], ...changedParts(sound, faulty) } as Made;
    if (differenceOf(one.record, one.runs, one.made.with(at, whole))) continue;
    missed.push(`${name} in ${one.record.id}: ${changeOf(sound, faulty)}`);
  }
  return { made: count, missed };
}

/** Of what an execution left behind, what the record tells of, too. */
function recordedPart({ record, runs, made }: Ran, at: number): Made {
  const one = made[at] ?? { history: [], sent: [], answer: null, log: [] };
  const { end_event: end, start_execution_sync_response: answer } = record.recorded;
  return {
    // A few were recorded before the end.
    history: one.history.slice(0, runs[at]?.events.length ?? 0),
    sent: tellsOfPayloads(one) ? one.sent : [],
    answer: answer ? one.answer : null,
    log: end ? one.log.filter((line) => !difference(end, line, new Map())) : one.log,
  };
}

const changedParts = (sound: Made, faulty: Made): Partial<Made> =>
  Object.fromEntries(
    Object.entries(faulty).filter(([part, value]) => !isDeepStrictEqual(value, sound[part as keyof Made])),
  );

function changeOf(sound: Made, faulty: Made): string {
  const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 600);
  for (const part of ['sent', 'answer', 'log', 'history'] as const) {
    const [one, other] = [sound[part], faulty[part]];
    if (isDeepStrictEqual(one, other)) continue;
    if (!Array.isArray(one) || !Array.isArray(other)) return `${shown(one)} → ${shown(other)}`;
    const index = one.findIndex((item, i) => !isDeepStrictEqual(item, other[i]));
    return `${shown(one[index])} → ${shown(other[index])}`;
  }
  return 'nothing';
}
