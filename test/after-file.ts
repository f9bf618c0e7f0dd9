// A set-up file: it runs for every test file, whereas the top level of a helper runs once a worker.
import { afterAll } from 'vitest';
import { expectGoodAdvice } from './advice/line.js';
import { leftProcesses, runMark } from './leftovers.js';
import { expectNoWarnings } from './node-warnings.js';
import { tidyUp } from './tidying.js';
import { expectNoTokens } from './token-leaks.js';

const mark = `${process.ppid}.${process.pid}.`;
process.env[runMark] = mark;

afterAll(async () => {
  tidyUp();
  const running = await leftProcesses(mark);
  // They would be found again after the next file.
  for (const { pid } of running) process.kill(pid, 'SIGKILL');
  expectNoTokens();
  expectGoodAdvice();
  expectNoWarnings();
  const lines = running.map(({ pid, command }) => `${pid} ${command}`);
  if (lines.length > 0) throw new Error(`left running by this file:\n  ${lines.join('\n  ')}`);
});
