import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { FlowError } from '../../errors.js';
import type { Gateways } from '../../ports/aws.js';
import { tailExecution } from './tail-execution.js';
import type { TailOptions } from './tail-logs.js';

/** Reads the log of a followed execution beside it. */
export interface LogBeside {
  /** Events that the follower read: they are not read again for the log. */
  happened(events: HistoryEvent[]): void;
  /** When the execution has ended and the late lines are in, or `signal` fired; never rejects for a log that fails. */
  done: Promise<void>;
}

export interface LogListener extends Pick<TailOptions, 'onLines' | 'onMissing'> {
  onFailure(error: FlowError): void;
}

export function tailBeside(
  gateways: Pick<Gateways, 'states' | 'functions' | 'logs'>,
  executionArn: string,
  { signal, clock, pollMilliseconds }: Pick<TailOptions, 'signal' | 'clock' | 'pollMilliseconds'>,
  { onFailure, ...listener }: LogListener,
): LogBeside {
  let events: HistoryEvent[] = [];
  const tail = async (): Promise<void> => {
    await tailExecution(gateways, executionArn, {
      signal,
      clock,
      pollMilliseconds,
      ...listener,
      newEvents: () => events.splice(0),
    });
  };
  return {
    happened(more) {
      events = events.concat(more);
    },
    done: tail().catch((error: unknown) => {
      if (!(error instanceof FlowError)) throw error;
      onFailure(error);
    }),
  };
}
