import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the mix consists of: machines, the function that they call, and what each execution must come to. */

const call = (more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: {
    FunctionName: 'fn',
    Payload: {
      'input.$': '$',
      'name.$': '$$.Execution.Name',
      'retries.$': '$$.State.RetryCount',
      'redrives.$': '$$.Execution.RedriveCount',
    },
  },
  OutputPath: '$.Payload',
  End: true,
  ...more,
});

const pass = (next: string) => ({ Type: 'Pass', Next: next });

export const machines = {
  /** Timers between states. */
  timers: {
    StartAt: 'a',
    States: { a: pass('w'), w: { Type: 'Wait', Seconds: 1, Next: 'b' }, b: { Type: 'Pass', End: true } },
  },
  /** The function fails until its second retry. */
  retries: {
    StartAt: 'call',
    States: {
      call: call({
        Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 4 }],
      }),
    },
  },
  /** Waits for a token that the function puts down. */
  tokens: {
    StartAt: 'wait',
    States: {
      wait: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Parameters: {
          FunctionName: 'fn',
          Payload: { 'name.$': '$$.Execution.Name', 'token.$': '$$.Task.Token' },
        },
        End: true,
      },
    },
  },
  /** Fails until it is redriven. */
  redrives: { StartAt: 'first', States: { first: pass('call'), call: call() } },
  /** An execution in an execution. */
  nested: {
    StartAt: 'inner',
    States: {
      inner: {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution.sync:2',
        Parameters: {
          StateMachineArn: 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:inner',
          'Input.$': '$',
        },
        OutputPath: '$.Output',
        End: true,
      },
    },
  },
  inner: {
    StartAt: 'w',
    States: { w: { Type: 'Wait', Seconds: 1, Next: 'p' }, p: { Type: 'Pass', End: true } },
  },
  /** Children that call the function, some of whose calls are repeated. */
  maps: {
    StartAt: 'all',
    States: {
      all: {
        Type: 'Map',
        Label: 'all',
        MaxConcurrency: 8,
        ItemsPath: '$.items',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'call',
          States: { call: call() },
        },
        End: true,
      },
    },
  },
} as const;

/** Machines that the mix starts; `inner` is started by `nested` alone. */
export const kinds = ['timers', 'retries', 'tokens', 'redrives', 'nested', 'maps'] as const;
export type Kind = (typeof kinds)[number];

export const itemsOf = (seedling: number): number[] =>
  Array.from({ length: 20 }, (_, n) => seedling * 100 + n);

/** Input of the n-th execution, and the output that it must have (of `tokens`: what it was answered). */
export function work(kind: Kind, n: number): { input: unknown; output: unknown } {
  const input = kind === 'maps' ? { n, items: itemsOf(n) } : { n };
  return { input, output: kind === 'maps' ? itemsOf(n).map((input) => ({ input })) : expected(kind, n) };
}

function expected(kind: Kind, n: number): unknown {
  if (kind === 'tokens') return { answered: n };
  return kind === 'retries' || kind === 'redrives' ? { input: { n } } : { n };
}

/** The function's module, beside a folder where it puts down the tokens that it is given. */
export function writeFunction(folder: string): { spec: string; tokens: () => Map<string, string> } {
  const tokens = join(folder, 'tokens');
  mkdirSync(tokens, { recursive: true });
  writeFileSync(
    join(folder, 'main.mjs'),
    `import { renameSync, writeFileSync } from 'node:fs';
    export const handler = async ({ input, name, token, retries, redrives }) => {
      if (token) {
        const file = ${JSON.stringify(`${tokens}/`)} + name;
        writeFileSync(file + '.new', token);
        renameSync(file + '.new', file);
        return {};
      }
      if (name.startsWith('retries') && retries < 2) throw new Error('once more');
      if (name.startsWith('redrives') && redrives < 1) throw new Error('redrive me');
      return { input };
    };`,
  );
  return {
    spec: './main.handler',
    tokens: () =>
      new Map(
        readdirSync(tokens)
          .filter((name) => !name.endsWith('.new'))
          .map((name) => [name, readFileSync(join(tokens, name), 'utf8')]),
      ),
  };
}
