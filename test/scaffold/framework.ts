import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The framework itself, and what its applications are made with. */
export default function setup(): void {
  execFileSync(process.execPath, [join(import.meta.dirname, '../../scripts/framework.mjs')], {
    stdio: 'inherit',
  });
}
