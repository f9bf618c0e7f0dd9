import { alike } from './reason-groups.js';

/** What is known of one failed execution. */
export interface GroupedExecution {
  executionArn: string;
  stateMachineName: string;
  status: string;
  /** Epoch milliseconds. */
  startedAt: number;
  stateName?: string;
  error?: string;
  message: string;
}

/** Executions that failed alike. */
export interface FailureGroup {
  stateMachineName: string;
  stateName?: string;
  error?: string;
  /** Of the newest one. */
  message: string;
  count: number;
  firstAt: number;
  lastAt: number;
  /** The newest. */
  executionArn: string;
}

/** Groups failures by machine, state, error, and message but for what differs from one to the next: numbers and ids. */
export function groupFailures(executions: GroupedExecution[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const execution of [...executions].sort((a, b) => b.startedAt - a.startedAt)) {
    const {
      stateMachineName,
      stateName,
      error = execution.status,
      message,
      startedAt,
      executionArn,
    } = execution;
    const key = JSON.stringify([stateMachineName, stateName, error, alike(message)]);
    const group = groups.get(key);
    if (group) {
      group.count++;
      group.firstAt = Math.min(group.firstAt, startedAt);
    } else {
      const times = { firstAt: startedAt, lastAt: startedAt };
      groups.set(key, { stateMachineName, stateName, error, message, count: 1, ...times, executionArn });
    }
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || b.lastAt - a.lastAt);
}
