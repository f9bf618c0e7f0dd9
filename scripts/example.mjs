// Runs what an example's README says: npm run example -- approval
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const examples = join(root, 'examples');
const say = (line) => process.stdout.write(`${line}\n`);

/** The indented block after "It runs these commands", without the comments on its lines. */
function linesOf(readme) {
  const block = /^It runs these commands.*\n\n((?: {4}.*\n)+)/m.exec(readme)?.[1] ?? '';
  const lines = block.split('\n').map((line) => line.replace(/\s+#.*$/, '').trim());
  const commands = lines.filter((line) => line !== '');
  if (commands.length === 0) throw new Error('the README names no commands to run');
  return commands;
}

/** `mbc-flow` is the one of this repository, wherever it stands in a line. */
const ours = (line) =>
  line.replace(
    /(^|\| *)mbc-flow /g,
    (_, before) => `${before}"${process.execPath}" "${join(root, 'bin/mbc-flow.js')}" `,
  );

function start(line, folder, stdout) {
  return spawn(ours(line), { shell: true, cwd: folder, stdio: ['ignore', stdout, 'inherit'] });
}

const ended = (child) =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });

/** Starts the server on a free port and resolves when it is ready: later lines find it by themselves. */
async function serve(line, folder) {
  const [command, ...args] = [join(root, 'bin/mbc-flow.js'), ...line.split(' ').slice(1)];
  const server = spawn(process.execPath, [command, ...args, '--port', '0'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`${line} exited with ${code} before it was ready`)));
    server.stdout.once('data', resolve);
  });
  server.removeAllListeners('exit');
  server.stdout.pipe(process.stdout);
  return server;
}

async function run(name) {
  const folder = join(examples, name);
  const servers = [];
  try {
    for (const line of linesOf(readFileSync(join(folder, 'README.md'), 'utf8'))) {
      say(`$ ${line}`);
      if (/^mbc-flow dev\b/.test(line)) servers.push(await serve(line, folder));
      else if ((await ended(start(line, folder, 'inherit'))) !== 0) return 1;
      say('');
    }
    return 0;
  } finally {
    for (const server of servers) {
      const gone = ended(server);
      server.kill('SIGTERM');
      await gone;
    }
  }
}

const [name] = process.argv.slice(2);
const names = readdirSync(examples).filter((entry) => existsSync(join(examples, entry, 'README.md')));
if (name !== undefined && names.includes(name)) {
  process.exitCode = await run(name).catch(({ message }) => {
    process.stderr.write(`error: ${message}\n`);
    return 1;
  });
} else {
  say(`npm run example -- ${names.join('|')}`);
  process.exitCode = name === undefined ? 0 : 2;
}
