import { expect, test } from 'vitest';
import { runCli, workDirectory } from './cli.js';

test('the demo imports, shows its rows, and leaves an approval that the line it prints answers', async () => {
  const cwd = workDirectory();
  const demo = await runCli(['demo'], { cwd });
  expect(demo).toMatchObject({ exitCode: 0 });
  expect(demo.stdout).toContain('What the function stored');
  const [, line = ''] = /^ {2}mbc-flow (approve demo-\S+)$/m.exec(demo.stdout) ?? [];
  const approved = await runCli([...line.split(' '), '-o', 'json'], { cwd });
  expect(approved).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(approved.stdout)).toMatchObject({
    stateName: 'WaitForApproval',
    proven: true,
    nextState: 'Decide',
  });
  // Once more: the machine is there already, and the new request is another one.
  const again = await runCli(['demo', '-o', 'json'], { cwd });
  expect(again).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(again.stdout)).toMatchObject({ status: 'SUCCEEDED' });
  const { stdout } = await runCli(['pending', '-o', 'json'], { cwd });
  expect(JSON.parse(stdout).pending).toMatchObject([{ stateName: 'WaitForApproval' }]);
});
