// Installs what an application of the framework has (test/installed-framework), where it is not yet as its lock says.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../test/installed-framework', import.meta.url));

/** The lock that the installed packages came from, as npm leaves it behind. */
function installed() {
  const left = join(folder, 'node_modules/.package-lock.json');
  return existsSync(left) ? JSON.parse(readFileSync(left, 'utf8')).packages : {};
}

const wanted = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;
const present = installed();
const missing = Object.entries(wanted).some(
  ([path, { version, optional }]) => path !== '' && !optional && present[path]?.version !== version,
);
if (missing) {
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--silent'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
