import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionMemory, RememberedMachine } from '../../operations/find/execution-memory.js';
import { writePrivateFile } from '../whole-file.js';

/** Of the file's form: another one is as good as none. */
const VERSION = 1;

/**
 * What is known of executions for good, in the user's cache directory: a file for each machine. Several commands may
 * write at once: the last one wins, whole, and nothing is lost but a saving.
 * @param place distinguishes targets
 */
export function executionMemory(place: string, cacheDir: string): ExecutionMemory {
  const fileOf = (stateMachineArn: string): string => {
    const digest = createHash('sha256').update(`${place} ${stateMachineArn}`).digest('hex').slice(0, 24);
    return join(cacheDir, 'mbc-flow', 'executions', `${digest}.json`);
  };
  return {
    async load(stateMachineArn) {
      const text = await readFile(fileOf(stateMachineArn), 'utf8').catch(() => '');
      return parsed(text) ?? { pauses: false, executions: {} };
    },
    async save(stateMachineArn, machine) {
      try {
        await writePrivateFile(fileOf(stateMachineArn), JSON.stringify({ version: VERSION, ...machine }));
      } catch {
        // A cache that can't be written (a full disk, a read-only home) must not keep anyone from answering.
      }
    },
  };
}

function parsed(text: string): RememberedMachine | undefined {
  try {
    const remembered = JSON.parse(text) as RememberedMachine & { version: number };
    const { version, pauses, executions, inputs = {} } = remembered;
    const entries = Object.entries(executions);
    const sound = entries.every(
      ([, { startDate, redriveCount, requestIds, asleepUntil = 0 }]) =>
        [startDate, redriveCount, asleepUntil].every((number) => typeof number === 'number') &&
        Array.isArray(requestIds),
    );
    const soundInputs = Object.entries(inputs).filter(
      ([, input]) => Array.isArray(input) && typeof input[0] === 'number',
    );
    return version === VERSION && sound
      ? {
          pauses: pauses === true,
          executions: Object.fromEntries(entries),
          inputs: Object.fromEntries(soundInputs),
        }
      : undefined;
  } catch {
    return undefined;
  }
}
