import { expect, test } from 'vitest';
import { exitCodes, FlowError } from '../../../src/errors.js';
import { eachExecution } from '../../../src/operations/execution/each-execution.js';

const refusal = new FlowError(exitCodes.conflict, 'Ended', 'it has ended');
const act = async (executionArn: string): Promise<string> => {
  if (executionArn === 'bug') throw new TypeError('a bug');
  if (executionArn === 'ended') throw refusal;
  return `did ${executionArn}`;
};
async function all(executionArns: string[]) {
  const done = [];
  for await (const one of eachExecution(executionArns, act, new AbortController().signal)) done.push(one);
  return done;
}

test('one that fails does not keep the others from being done', async () =>
  expect(await all(['a', 'ended', 'b'])).toEqual([
    { executionArn: 'a', result: 'did a' },
    { executionArn: 'ended', error: refusal },
    { executionArn: 'b', result: 'did b' },
  ]));

test('a failure of the only one, and a bug of ours, is thrown', async () => {
  await expect(all(['ended'])).rejects.toBe(refusal);
  await expect(all(['a', 'bug', 'b'])).rejects.toThrow(TypeError);
});

test('a signal ends it between two of them', async () => {
  const left = new AbortController();
  const done: string[] = [];
  for await (const { executionArn } of eachExecution(['a', 'b', 'c'], act, left.signal)) {
    done.push(executionArn);
    if (executionArn === 'b') left.abort();
  }
  expect(done).toEqual(['a', 'b']);
});
