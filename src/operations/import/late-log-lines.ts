import { FlowError } from '../../errors.js';
import type { ImportMachine } from '../../framework/import/machine.js';
import type { Gateways, MapRunDescription } from '../../ports/aws.js';
import { logGroupOf } from '../follow/find-logs.js';

/** Whose logs are asked what became of rows. */
export interface LogAsker {
  machine: ImportMachine;
  mapRun: MapRunDescription | undefined;
  /** Late lines are waited for. */
  clock?: { sleep(ms: number): Promise<void> };
}

/** Milliseconds for which CloudWatch may keep a line from its readers, in steps. */
const lateness = [1_000, 2_000, 4_000];
/** Clocks of functions and of Step Functions differ a little; milliseconds. */
const around = 60_000;

/** Reads once more while lines may be late, until `read` says that all are there. */
export async function readWhileLate(clock: LogAsker['clock'], read: () => Promise<boolean>): Promise<void> {
  for (const wait of clock ? lateness : []) {
    if (await read()) return;
    await clock?.sleep(wait);
  }
  await read();
}

/** Why rows stay untold: an import's outcome does not hang on its logs. */
export async function whyUntold(read: () => Promise<void>): Promise<string> {
  try {
    await read();
    return ', and neither does its log';
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    return `; its log could not be read: ${error.message}`;
  }
}

/** Of the functions that the machine's children call. */
export async function logGroupsOf({ functions }: Gateways, machine: ImportMachine): Promise<Set<string>> {
  const groups = new Set<string>();
  for (const name of machine.functions) groups.add(await logGroupOf(functions, name));
  return groups;
}

/** When the children of a map run may have logged. */
export const timesOf = (mapRun: MapRunDescription | undefined) => ({
  ...(mapRun && { startTime: mapRun.startDate.getTime() - around }),
  ...(mapRun?.stopDate && { endTime: mapRun.stopDate.getTime() + around }),
});
