import type { Followed as FollowedExecution } from '../../operations/follow/follow-all.js';
import type { LogDocument } from '../../views/execution/log-lines.js';
import type { Change } from '../../workflow/history/execution-model.js';

export interface Followed extends FollowedExecution {
  /** What the user called it. */
  reference: string;
  /** A saved history that does not say whose it is: it goes by the name of its file. */
  unnamed?: boolean;
  /** Its newest log lines, where they are read. */
  log?: string[];
  /** It was started by this command: its output is what one waits for. */
  own?: boolean;
}

/** What shows progress: a screen, lines, or JSON. */
export interface Progress {
  /** It shows by itself that time passes. */
  ticks: boolean;
  update(followed: Followed, changes: Change[]): void;
  /** Lines of its log, in the order of time. */
  logged(followed: Followed, lines: LogDocument[]): void;
  /** Something about the watching itself. */
  noted(followed: Followed, text: string): void;
  close(): Promise<void>;
}
