import { type ExitCode, worstExitCode } from '../../errors.js';
import { type Done, eachExecution } from '../../operations/execution/each-execution.js';
import { failureDocument } from '../../views/execution/stop-redrive-documents.js';
import { oneLine } from '../../views/text/safe-text.js';
import type { Context } from '../shell/context.js';
import { interrupted } from '../shell/interruption.js';

interface Report<T> {
  /** Of the list in the JSON document. */
  name: string;
  document(executionArn: string, result: T): object;
  lines(executionArn: string, result: T): Iterable<string>;
  /** What comes next shows those that went well: they are printed only where it does not come. */
  held?: boolean;
}

/** What was done to each execution, and the worst exit code of those that failed. */
export interface Acted<T> {
  code: ExitCode;
  results: { executionArn: string; result: T }[];
}

/** Does the same to each execution and prints what became of it. @throws FlowError 130 or 143 where a signal breaks it off */
export async function actOnEach<T>(
  context: Context,
  executionArns: string[],
  act: (executionArn: string) => Promise<T>,
  { name, document, lines, held = false }: Report<T>,
): Promise<Acted<T>> {
  const stream = context.out.stream(name);
  const print = (one: Done<T>): void => {
    const { executionArn } = one;
    if ('error' in one) stream.add(failureDocument(executionArn, one.error));
    else stream.add(document(executionArn, one.result), lines(executionArn, one.result));
  };
  const all: Done<T>[] = [];
  for await (const one of eachExecution(executionArns, act, context.signal)) {
    all.push(one);
    if ('error' in one) context.err.notice(`${one.executionArn}: ${oneLine(one.error.message)}`);
    if (!held) print(one);
  }
  const results = all.flatMap((one) => ('error' in one ? [] : one));
  const isLeft = all.length < executionArns.length;
  const isLast = isLeft || results.length === 0;
  if (held && isLast) for (const one of all) print(one);
  if (!held || isLast) stream.end();
  if (isLeft) throw leftAfter(context, all.length, executionArns.length);
  return { code: worstExitCode(all.flatMap((one) => ('error' in one ? one.error.exitCode : []))), results };
}

const leftAfter = (context: Context, done: number, of: number) =>
  interrupted(
    context,
    `Interrupted: ${done} of ${of} done; the others were not changed.`,
    'run the same command again for the others',
    { done, of },
  );
