/** One change of a target, as its audit trail keeps it: who did what, and how it ended. No payload, no task token. */
export interface AuditEntry {
  /** Unique. */
  id: string;
  /** ISO 8601: when it had ended. */
  time: string;
  target: string;
  account: string;
  region: string;
  /** ARN of who did it, by STS. */
  caller: string;
  /** What was typed: `approve`, `stop`, `import`. */
  verb: string;
  /** What was called: `states:StopExecution`. */
  action: string;
  executionArn?: string;
  stateMachineArn?: string;
  functionName?: string;
  /** Of an answer. */
  stateName?: string;
  requestId?: string;
  /** `proven`: the execution's history shows the answer; `sent`: AWS took it. `conflict`: somebody was faster. */
  outcome: 'done' | 'proven' | 'sent' | 'conflict' | 'failed';
  /** The code of what went wrong. */
  error?: string;
}

/** What a target's `audit` names: entries are added, never changed. */
export interface AuditTrail {
  /** `s3://bucket/prefix`, or the path of a file. */
  place: string;
  /** Adds nothing. @throws FlowError where an entry could not be written */
  check(): Promise<void>;
  /** @throws FlowError where it was not written */
  append(entry: AuditEntry): Promise<void>;
  /** The newest first. `since`: epoch milliseconds. */
  newest(since?: number): AsyncIterable<AuditEntry>;
}

/** @param entry what a file or an object holds; undefined where that is no entry of ours */
export function entryIn(text: string): AuditEntry | undefined {
  try {
    const entry = JSON.parse(text) as Partial<AuditEntry> | null;
    return typeof entry?.id === 'string' &&
      typeof entry.time === 'string' &&
      typeof entry.outcome === 'string'
      ? (entry as AuditEntry)
      : undefined;
  } catch {
    return undefined;
  }
}
