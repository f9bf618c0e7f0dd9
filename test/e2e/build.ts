import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** dist/ is what these tests run: it is always that of the sources at hand. */
export default function setup(): void {
  if (process.env.MBC_FLOW_BUILT === '1') return; // .ci/run has just built it, and changes nothing
  const root = join(import.meta.dirname, '../..');
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit' });
}
