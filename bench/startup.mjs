// Start-up beside `node -e 0`: medians of interleaved pairs, so that a busy moment hits both.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const binary = fileURLToPath(new URL('../bin/mbc-flow.js', import.meta.url));
const pairs = 21;

function milliseconds(args) {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return performance.now() - start;
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

for (const argument of ['--help', '--version']) {
  const node = [];
  const flow = [];
  milliseconds([binary, argument]);
  for (let pair = 0; pair < pairs; pair++) {
    node.push(milliseconds(['-e', '0']));
    flow.push(milliseconds([binary, argument]));
  }
  const ratio = median(flow) / median(node);
  process.stdout.write(
    `mbc-flow ${argument.padEnd(9)} ${median(flow).toFixed(0)} ms, node -e 0 ${median(node).toFixed(0)} ms: ${ratio.toFixed(2)}x\n`,
  );
}
