// Checks the types of all that is TypeScript here, side by side; each project's faults are printed whole.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// By their files: both packages have a command `tsc`.
const native = 'node_modules/typescript-native/bin/tsc';
const javaScript = 'node_modules/typescript/bin/tsc';

/** Those of one row after each other. */
const rows = [
  [
    [native, '.'],
    [native, 'test/scaffold'],
    [native, 'src/console/page'],
  ],
  // Resolves modules as the framework's applications do, which TypeScript 7 no longer knows.
  [[javaScript, 'templates']],
];

/** Whether it is free of faults. */
function check(compiler, project) {
  const args = [compiler, '--noEmit', '-p', project];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error) process.stderr.write(`${project}:\n${stdout}${stderr}`);
      resolve(error === null);
    });
  });
}

const outcomes = await Promise.all(
  rows.map(async (row) => {
    let good = true;
    for (const [compiler, project] of row) good = (await check(compiler, project)) && good;
    return good;
  }),
);
if (outcomes.includes(false)) process.exitCode = 1;
