// Writes docs/performance.md from bench/results.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

const seconds = (value) => (value < 1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(2)} s`);

export function writePerformance() {
  const { date, machine, rounds, rows } = JSON.parse(readFileSync(here('results.json'), 'utf8'));
  const lines = rows.map(
    ({ what, anchor, aim, ratio, seconds: own, anchorSeconds, load }) =>
      `| ${what} | ${seconds(own)} | ${anchor}: ${seconds(anchorSeconds)} | **${ratio.toFixed(2)}** | ${aim} | ${load} |`,
  );
  const { peakMegabytes, diskRatio } = rows.find(({ diskRatio }) => diskRatio) ?? {};
  const text = `# Performance

Written by \`npm run bench -- --json\`; do not edit. Each command of \`dist/\` beside an anchor that does the least that could
be done, in one run: CPU time (user and system) of the processes, medians of ${rounds} rotated pairs. Compare ratios; times are
this machine's, and grow with its load.

Measured on ${date}: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, Node.js ${machine.node}.

| what | CPU time | anchor | ratio | aim | load |
| --- | --- | --- | --- | --- | --- |
${lines.join('\n')}

The import of 100,000 rows used ${peakMegabytes} MB of memory at most, and ${diskRatio.toFixed(1)} times the size of its file on disk.

- **\`node -e 0\`** starts Node.js and does nothing (with \`NODE_EXTRA_CA_CERTS\` unset, which would double it).
- **papaparse** parses the decoded text of the file, and checks and hashes nothing. The command's start-up is in its time.
- **The floor of an import** parses the file with papaparse and calls the same function with batches of 100 rows; it keeps
  nothing, and promises nothing.

Other measures, each beside its anchor: \`npm run bench\`.
`;
  writeFileSync(here('../docs/performance.md'), text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writePerformance();
