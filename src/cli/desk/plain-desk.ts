import { type ExitCode, exitCodes } from '../../errors.js';
import type { Attention } from '../../operations/desk/poll-target.js';
import type { DeskData } from '../../operations/desk/snapshot.js';
import { deskDocument, plainChanges, plainLines } from '../../views/desk/plain.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import { deskSource } from './desk-source.js';

/** What is still being read after so many milliseconds is told as being read. */
const PATIENCE = 30_000;

const overview: Attention = { list: 'paused', visible: [], searching: false };

/** The lists in words once they are known, then what changes; in JSON and in a pipe once. */
export async function plainDesk(
  context: Context,
  target: Target,
  stateMachineArn: string | undefined,
): Promise<ExitCode> {
  const { out, terminal, clock } = context;
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const once = !terminal.stdoutIsTTY || !out.forPeople;
  const attention = (): Attention => overview;
  const { looking } = deskSource(context, target, { stateMachineArn, attention, once, signal });
  const began = clock.now();
  let told: DeskData | undefined;
  try {
    for await (const data of looking.data()) {
      if (told)
        for (const line of plainChanges(told, data, { now: clock.now(), since: began }, terminal))
          out.line(line);
      else if (!isWhole(data) && clock.now() < began + PATIENCE) continue;
      else out.document(deskDocument(data), plainLines(data, clock.now(), terminal));
      told = data;
      if (once) break;
    }
  } catch (error) {
    // What is on its way when it is left ends with an error of its own.
    if (!context.signal.aborted) throw error;
  } finally {
    stop.abort();
  }
  return context.signal.reason === 'SIGTERM' ? exitCodes.terminated : exitCodes.ok;
}

const isWhole = ({ executions, paused, jobs }: DeskData): boolean =>
  executions.at !== undefined &&
  paused.at !== undefined &&
  paused.reading === undefined &&
  jobs.at !== undefined;
