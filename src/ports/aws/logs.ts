export interface LogEvent {
  /** Unique within its log group; absent in a live tail. */
  eventId?: string;
  /** The log group's name. */
  logGroup: string;
  logStream: string;
  /** Epoch milliseconds. */
  timestamp: number;
  message: string;
}

export interface LiveTailUpdate {
  events: LogEvent[];
  /** More than 500 lines came in that second: some are left out. */
  sampled: boolean;
}

export interface LogsGateway {
  /** Pages by time; some may be empty. Times: epoch milliseconds, both inclusive. FlowError 3: no such log group. */
  filterPages(filter: {
    logGroup: string;
    startTime?: number;
    endTime?: number;
    filterPattern?: string;
    logStreamNames?: string[];
  }): AsyncIterable<LogEvent[]>;
  /** One update a second, until `signal` fires or AWS ends the session after three hours. Costs by the minute. */
  liveTail(tail: {
    logGroupArns: string[];
    filterPattern?: string;
    signal: AbortSignal;
  }): AsyncIterable<LiveTailUpdate>;
}
