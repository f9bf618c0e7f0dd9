import type { Target } from './command.js';
import { hintReference } from './hint-reference.js';

/** What becomes of executions that a command leaves running, and how to come back to them. */
export function howItGoesOn(target: Pick<Target, 'carried' | 'flagsForHints'>, reference = '@last'): string {
  const command = `mbc-flow watch ${hintReference(reference, target)}`;
  return target.carried()
    ? `No server runs it once this command ends: it rests on disk. ${command}, or mbc-flow dev, carries it on.`
    : `It goes on without us: ${command}`;
}
