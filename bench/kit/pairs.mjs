// What a command and its anchor cost, side by side: CPU seconds (user and system) of the processes, so that others on the
// machine matter less; the medians of rotated pairs.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Of all children that have ended (Linux). */
function cpuSeconds() {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

// With certificates of its own node takes twice the time to do nothing: every ratio would be too good.
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;

/** Runs node so many times, one after the other. */
async function run({ args, cwd, expected = 0, times = 1, env: more }) {
  const before = cpuSeconds();
  for (let time = 0; time < times; time++) {
    const home = cwd ?? environment.HOME;
    const env = { ...environment, HOME: home, AWS_EC2_METADATA_DISABLED: 'true', ...more };
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    const status = await new Promise((resolve) => child.once('close', resolve));
    if (status !== expected) throw new Error(`node ${args.join(' ')} ended with ${status}\n${said}`);
  }
  return (cpuSeconds() - before) / times;
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** CPU seconds of both, and how many times the anchor's the command's is. */
export async function pair(ours, anchor, rounds) {
  const times = { ours: [], anchor: [] };
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? ['ours', 'anchor'] : ['anchor', 'ours'];
    for (const which of order) times[which].push(await run(which === 'ours' ? ours() : anchor()));
  }
  const [own, base] = [median(times.ours), median(times.anchor)];
  return { seconds: own, anchorSeconds: base, ratio: own / base };
}
