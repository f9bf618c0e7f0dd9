import type { ItemCounts, ItemStatus } from '../../framework/task/item-results.js';
import type { Journal } from '../../ports/journal.js';
import type { BatchStart } from './choose-batch-start.js';

/** A batch of tasks that was begun: how it was cut, and what came of it. */
export interface BatchEntry {
  batch: string;
  /** The file, as the user named it. */
  source: string;
  stateMachineArn: string;
  startedAt: number;
  start: BatchStart;
  shares: BatchShare[];
  /** The batch or the execution of which this one runs what failed, and the places of these items in it. */
  rerunOf?: string;
  indexes?: number[];
  /** Its outcome was told: whoever starts it again is told that it is there. */
  outcome?: BatchTold;
}

export interface BatchShare {
  first: number;
  count: number;
  /** Of its execution's input, as planned. */
  bytes: number;
  /** ULID of the framework's record, where it is started through one, and the execution that came of it. */
  code?: string;
  executionArn?: string;
}

export interface BatchTold {
  items: ItemCounts;
  /** Every item that did not succeed, by its index in the batch. */
  bad: { index: number; status: ItemStatus; error?: string; message?: string }[];
  executions: string[];
  endedAt: number;
  /** What later batches of this machine are planned with. */
  secondsPerItem?: number;
  outputBytes?: number;
  /** The batch that ran again what did not succeed. */
  rerunBy?: string;
}

export type BatchJournal = Journal<BatchEntry>;
/** The items of batches (JSON texts), for those that must be run again; by the name of the batch. */
export type BatchItems = Journal<string[]>;
