export interface StateMachineAlarm {
  name: string;
  /** `ExecutionsFailed`, … */
  metric: string;
  stateMachineArn: string;
  firing: boolean;
  /** Its actions are switched on. */
  enabled: boolean;
}

export interface AlarmGateway {
  /** The alarms on metrics of state machines. */
  ofStateMachines(): Promise<StateMachineAlarm[]>;
}

/** What CloudWatch counted of a state machine's executions in a time. */
export interface MachineMetrics {
  started: number;
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
  throttled: number;
  /** Milliseconds; undefined where nothing ended. */
  duration?: { p50: number; p95: number; p99: number };
  /** Oldest first; those without a count are left out. */
  series: { at: number; started: number; failed: number }[];
}

export const noMetrics = (): MachineMetrics => ({
  started: 0,
  succeeded: 0,
  failed: 0,
  timedOut: 0,
  aborted: 0,
  throttled: 0,
  series: [],
});

export interface MetricsGateway {
  /** Of each ARN with at least one data point. Times: epoch milliseconds. */
  ofStateMachines(
    arns: string[],
    range: { since: number; until: number; buckets: number },
  ): Promise<Map<string, MachineMetrics>>;
}
