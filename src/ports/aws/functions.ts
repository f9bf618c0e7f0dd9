export interface FunctionGateway {
  /** The name of the log group that a function writes to, by name or ARN. */
  logGroup(functionName: string): Promise<string>;
  /** Environment variables of a Lambda function, by name or ARN. They may hold secrets: never print them. */
  environment(functionName: string): Promise<Record<string, string>>;
  /** What calls a function by itself: streams and queues. */
  eventSources(functionName: string): Promise<EventSource[]>;
  /** The same of all functions of the account. */
  eventSourceMappings(): Promise<EventSourceMapping[]>;
  /** Calls a function and waits for what it returns. `payload`: JSON text. FlowError 3: there is none. */
  invoke(functionName: string, payload: string): Promise<Invocation>;
}

export interface EventSourceMapping {
  /** Of the stream or the queue. */
  eventSourceArn: string;
  functionArn: string;
  /** JSON texts; one of them has to fit. */
  filters: string[];
}

export interface Invocation {
  statusCode: number;
  /** The function failed: `Unhandled`; `payload` then tells why. */
  functionError?: string;
  /** JSON text. */
  payload: string;
  /** The end of its log, at most 4 KB. */
  log?: string;
  requestId?: string;
}

export interface EventSource {
  arn: string;
  /** AWS's word: `Enabled`, `Disabled`, `Creating`, … */
  state: string;
  /** What became of the last record; `OK`, `No records processed`, or a problem. */
  lastResult?: string;
}
