import { exitCodes, FlowError } from '../../errors.js';
import type { ImportEvent } from './import-file.js';
import type { ImportPlan } from './plan-import.js';

/** How far an import had come when it was left. */
export type Phase = 'checked' | 'uploading' | 'uploaded' | 'starting' | 'recorded';

/** Undefined where the event does not change it. */
export function phaseAfter({ type }: ImportEvent): Phase | undefined {
  if (type === 'uploading' || type === 'uploaded' || type === 'starting') return type;
  return type === 'waiting' ? 'recorded' : undefined;
}

/** What is there of an import that was left before its execution ran, and what to type. */
export function standing({ bucket, entry, job }: ImportPlan, phase: Phase): { now: string; next: string } {
  const object = `s3://${bucket}/${entry.key}`;
  const again = 'the same command again';
  switch (phase) {
    case 'checked':
      return { now: 'This run has uploaded and started nothing', next: again };
    case 'uploading':
      return { now: 'The upload was removed: no object is left, and nothing was started', next: again };
    case 'uploaded':
      return {
        now: `${object} is uploaded; nothing was started`,
        next: `${again} starts it, without a second upload`,
      };
    case 'starting':
      return {
        now: `${object} is uploaded; ${job ? 'its job record may have been written' : 'its execution may have been started'}`,
        next: `${again} finds out and goes on; nothing is started twice`,
      };
    case 'recorded':
      return {
        now: `${object} is uploaded and its job record ${job?.id} is written: the framework starts the import by itself`,
        next: `${again} follows it`,
      };
  }
}

/** The error of a lost connection or expired credentials, after which the same command line goes on. */
export function resumable(error: unknown, plan: ImportPlan, phase: Phase): unknown {
  if (!(error instanceof FlowError)) return error;
  const { exitCode, code, message, where, hint, details, cause } = error;
  if (exitCode !== exitCodes.unreachable && exitCode !== exitCodes.denied) return error;
  const { path } = plan.file.source;
  const { now, next } = standing(plan, phase);
  // The parts that are there stay.
  const again =
    phase === 'checked' || phase === 'uploading'
      ? `run the same command again to resume where it stopped (${path})`
      : `${now}; ${next} (${path})`;
  return new FlowError(exitCode, code, hint === undefined ? message : `${message}; ${again}`, {
    where,
    hint: hint ?? again,
    details,
    cause,
  });
}
