import type { ServerResponse } from 'node:http';
import { AwsError, type RequestHandler } from '../ports.js';
import type { JsonOperations } from './json-service.js';

/** What a listener is told with one line. */
export interface ChangeLine {
  /** ARNs of executions that took a step. */
  executions: string[];
  /** State machines were created, changed or deleted. */
  machines: boolean;
  /** More executions changed than one line names: look at all. */
  all: boolean;
}

/** Milliseconds in which changes are gathered: a busy server writes no more than so many lines. */
const GATHERED = 30;
const MOST_NAMED = 500;
const MOST_LISTENERS = 64;
/** A line without news, so that either side notices when the other is gone. */
const HEARTBEAT = 10_000;

// As they were when this was loaded: a test that fakes time in this process fakes its own.
const { setTimeout, setInterval, clearInterval } = globalThis;

/** Tells whoever listens at `GET /_mbc-flow/changes` what has changed, after its commit: lines of JSON, without an end. */
export class Changes {
  private readonly listeners = new Set<ServerResponse>();
  private readonly executions = new Set<string>();
  private machines = false;
  private all = false;
  private gathering = false;

  execution(arn: string): void {
    if (this.listeners.size === 0) return;
    if (this.executions.size < MOST_NAMED) this.executions.add(arn);
    else this.all ||= !this.executions.has(arn);
    this.gather();
  }

  machine(): void {
    if (this.listeners.size === 0) return;
    this.machines = true;
    this.gather();
  }

  readonly handle: RequestHandler = async (request, response) => {
    if (request.method !== 'GET')
      throw new AwsError('MethodNotAllowed', 'Changes are told in answer to GET', 405);
    if (this.listeners.size >= MOST_LISTENERS)
      throw new AwsError('TooManyListeners', `At most ${MOST_LISTENERS} may listen to changes`, 429);
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' });
    response.write(lineOf({ executions: [], machines: false, all: true }));
    this.listeners.add(response);
    const beat = setInterval(() => response.write('\n'), HEARTBEAT);
    beat.unref();
    response.once('close', () => {
      clearInterval(beat);
      this.listeners.delete(response);
    });
  };

  /** The same operations; those that change a state machine are told. */
  watching(operations: JsonOperations): JsonOperations {
    const watched = Object.entries(operations).map(([name, perform]): [string, typeof perform] => [
      name,
      /^(Create|Update|Delete)StateMachine/.test(name)
        ? async (input, signal) => {
            const answer = await perform(input, signal);
            this.machine();
            return answer;
          }
        : perform,
    ]);
    return Object.fromEntries(watched);
  }

  private gather(): void {
    if (this.gathering) return;
    this.gathering = true;
    setTimeout(() => this.tell(), GATHERED).unref();
  }

  private tell(): void {
    this.gathering = false;
    const line = lineOf({ executions: [...this.executions], machines: this.machines, all: this.all });
    this.executions.clear();
    this.machines = false;
    this.all = false;
    // Who does not read is cut off, not remembered: it listens again, and looks at all.
    for (const listener of this.listeners)
      if (listener.writableLength > 1_000_000) listener.destroy();
      else listener.write(line);
  }
}

const lineOf = (line: ChangeLine): string => `${JSON.stringify(line)}\n`;
