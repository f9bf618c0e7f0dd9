import type { FlowMachines, FlowModule } from './types.js';

// The test's side and the server's side may be of different realms (a test runner's, and node's own): they know each
// other by these shapes, and data goes between them as JSON text.

export interface CoreOptions {
  machines?: FlowMachines;
  template?: string;
  folder: string;
  functions: Record<string, string | FlowModule>;
  skip: boolean;
  /** Epoch milliseconds. */
  startAt?: number;
  /** Where the server listens, if it can. */
  port?: number;
  env?: Readonly<Record<string, string | undefined>>;
  endpoints?: Readonly<Record<string, string>>;
  log?: (line: string) => void;
  /** The names of functions that `call` knows. */
  own: readonly string[];
  call(own: string, payload: string, call: CoreCall): Promise<{ payload: string; failed: boolean }>;
  /** The states that `answer` may know something of. */
  answered: readonly string[];
  /** JSON text of a FlowAnswer. @param call of a FlowCall */
  answer(state: string, call: string): Promise<string | undefined>;
}

export interface CoreCall {
  requestId: string;
  functionName: string;
  functionArn: string;
}

export type StepReference = { reference: string } | { execution: string; scheduledId?: number };

export interface CoreExecution {
  arn: string;
  name: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** JSON text. */
  output?: string;
  error?: string;
  cause?: string;
  path: string[];
  duration: number;
  /** JSON text. */
  events: string;
}

export interface Core {
  endpoint: string;
  env: Record<string, string>;
  now(): number;
  /** What an application's module is to find as it is loaded; undefined: taken out. @param given the test's own environment */
  environmentFor(
    functionName: string,
    given: Record<string, string | undefined>,
  ): Promise<Record<string, string | undefined>>;
  /** The ARN of the execution. @param input JSON text */
  start(machine: string, input: string, name?: string): Promise<string>;
  /** As it is now. */
  read(arn: string): CoreExecution;
  settle(): Promise<void>;
  /** A duration, or milliseconds; undefined: to what falls due next. */
  advance(by?: string | number): Promise<void>;
  /** JSON text of the steps, with `scheduledId`; times are epoch milliseconds. */
  pending(): Promise<string>;
  /** @param decision JSON text */
  decide(step: StepReference | undefined, decision: string): Promise<void>;
  /** JSON text of what each call was sent. */
  sent(state: string, execution?: string): string;
  stop(): Promise<void>;
}
