import type { UploadState } from '../../ports/aws.js';
import type { Journal } from '../../ports/journal.js';

/** How far an import has come, so that the same command line goes on after a crash. */
export interface JournalEntry {
  key: string;
  /** What S3 has of an upload that broke off. */
  upload?: UploadState;
  /** The same of the files of a ZIP, by their keys; `key` is their folder. */
  uploads?: Record<string, UploadState | undefined>;
  /** Id of the framework's job record that was written for it. */
  jobId?: string;
  executionArn?: string;
  /** Its outcome was told (or nobody waited for it): whoever asks again is told that it is there. */
  told?: boolean;
}

/** By the names of the executions. */
export type ImportJournal = Journal<JournalEntry>;
