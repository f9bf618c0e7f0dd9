import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type typescript from 'typescript';
import { binary, workDirectory } from '../e2e/cli.js';

const root = join(import.meta.dirname, '../..');
const framework = join(root, 'test/installed-framework');

/** A copy of an example with what `npm install` would bring, compiled; each endpoint of its `.env` has a free port. */
export async function installedExample(
  name: string,
): Promise<{ folder: string; env: Record<string, string> }> {
  const folder = workDirectory();
  cpSync(join(root, 'examples', name), folder, { recursive: true });
  link(join(framework, 'node_modules'), join(folder, 'node_modules'));
  link(join(root, 'node_modules'), join(folder, 'node_modules'), ['dynalite']);
  mkdirSync(join(folder, 'bin'));
  symlinkSync(binary, join(folder, 'bin/mbc-flow'));
  build(folder);
  const text = await withFreePorts(readFileSync(join(folder, '.env'), 'utf8'));
  writeFileSync(join(folder, '.env'), text);
  return {
    folder,
    env: Object.fromEntries(
      text
        .trim()
        .split('\n')
        .map((line) => split(line)),
    ),
  };
}

const split = (line: string): [string, string] => [
  line.slice(0, line.indexOf('=')),
  line.slice(line.indexOf('=') + 1),
];

function link(from: string, to: string, names = readdirSync(from)): void {
  mkdirSync(to, { recursive: true });
  for (const name of names) symlinkSync(join(from, name), join(to, name));
}

/** As its own compiler does it, without the checks. */
function build(folder: string): void {
  const ts = createRequire(join(framework, 'package.json'))('typescript') as typeof typescript;
  const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, folder);
  for (const path of ts.sys.readDirectory(join(folder, 'src'), ['.ts'])) {
    const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), { compilerOptions: options });
    const file = path.replace(`${folder}/src`, `${folder}/dist`).replace(/\.ts$/, '.js');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, outputText);
  }
}

async function withFreePorts(text: string): Promise<string> {
  const ports = [...new Set(text.match(/(?<=127\.0\.0\.1:)\d+/g))];
  const free = await freePorts(ports.length);
  return text.replace(/(?<=127\.0\.0\.1:)\d+/g, (port) => String(free[ports.indexOf(port)]));
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
