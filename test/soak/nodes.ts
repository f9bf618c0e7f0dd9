import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Place {
  cwd: string;
  env: Record<string, string>;
}

/** Runs shell lines to their end, which has to be good; what they wrote. */
export async function run(lines: string, where: Place): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)('sh', ['-ec', lines], { ...where, maxBuffer: 1e8 });
  return stdout + stderr;
}

/** Places that have nothing but a Node.js of one major version, whose binary comes from npm. */
export function nodes(prefix: string) {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  const npm = join(execFileSync('npm', ['root', '-g'], { encoding: 'utf8' }).trim(), 'npm/bin');
  const known = new Map<number, Promise<string>>();

  /** A folder whose PATH has this Node.js with its npm and npx, and what every system has. */
  function empty(name: string, node: string): Place {
    const cwd = join(folder, name);
    for (const one of ['bin', 'home', 'work']) mkdirSync(join(cwd, one), { recursive: true });
    symlinkSync(node, join(cwd, 'bin/node'));
    for (const tool of ['npm', 'npx'])
      writeFileSync(join(cwd, 'bin', tool), `#!/bin/sh\nexec node '${join(npm, `${tool}-cli.js`)}' "$@"\n`, {
        mode: 0o755,
      });
    const kept = Object.entries(process.env).filter(([key]) =>
      /^(https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|npm_config_registry|npm_config_cafile)$/i.test(key),
    );
    return {
      cwd: join(cwd, 'work'),
      env: {
        ...Object.fromEntries(kept.map(([key, value = '']) => [key, value])),
        HOME: join(cwd, 'home'),
        PATH: `${join(cwd, 'bin')}:${join(cwd, 'prefix/bin')}:/usr/bin:/bin`,
        npm_config_prefix: join(cwd, 'prefix'),
        npm_config_cache: join(folder, 'npm-cache'),
        npm_config_update_notifier: 'false',
        npm_config_audit: 'false',
        npm_config_fund: 'false',
      },
    };
  }

  async function installed(major: number): Promise<string> {
    const place = empty(`node-${major}`, process.execPath);
    const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
    await run(`npm init -y >/dev/null; npm install --ignore-scripts ${name}@${major}`, place);
    return join(place.cwd, 'node_modules', name, 'bin/node');
  }

  /** The binary of this major version. */
  function nodeOf(major: number): Promise<string> {
    const node = known.get(major) ?? installed(major);
    known.set(major, node);
    return node;
  }

  return { folder, empty, nodeOf };
}
