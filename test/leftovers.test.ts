import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { needing } from './left-out.mjs';
import { leftProcesses } from './leftovers.js';

const noProc = process.platform !== 'linux';

test.skipIf(noProc)(
  needing('a process that outlives its parent, in a session of its own, is named', '/proc'),
  async () => {
    const mark = `${process.pid}.outlived.`;
    const script = `const child = require('child_process').spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    child.unref(); console.log(child.pid);`;
    const parent = spawn(process.execPath, ['-e', script], {
      env: { ...process.env, MBC_FLOW_TEST_RUN: mark },
    });
    const [pid] = await once(parent.stdout, 'data').then(([text]) => [Number(text)]);
    onTestFinished(() => void process.kill(Number(pid), 'SIGKILL'));
    await once(parent, 'close');
    expect(await leftProcesses(mark)).toEqual([{ pid, command: 'sleep 60' }]);
  },
);
