/** A stream or a queue whose records are delivered to a function. */
export interface EventSource {
  kind: 'stream' | 'queue';
  /** Of the table or the queue; `*` at its end stands for anything. */
  name: string;
  endpoint: string;
  /** Default: the only function that is configured, else the framework's. */
  functionName?: string;
  /** Filter patterns (default: the framework's). */
  filters?: unknown[];
  /** Of a queue; default: 1. */
  batchSize?: number;
}
