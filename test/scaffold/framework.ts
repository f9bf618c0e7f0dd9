import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The framework itself, and what its applications are made with. */
export default function setup(): void {
  // Two projects ask for it.
  if (process.env.MBC_FLOW_FRAMEWORK) return;
  process.env.MBC_FLOW_FRAMEWORK = 'installed';
  execFileSync(process.execPath, [join(import.meta.dirname, '../../scripts/framework.mjs')], {
    stdio: 'inherit',
  });
}
