import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, root } from './pages.js';

const compiler = join(root, 'node_modules/typescript-native/bin/tsc');

/** What the type checker says of the TypeScript and JavaScript blocks, as modules of a project that has mbc-flow. */
export function complaints(blocks: Block[]): string[] {
  // Below node_modules, whose packages they find.
  const parent = join(root, 'node_modules/.cache/mbc-flow');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'blocks-'));
  const named = new Map(
    blocks.map((block, index) => [`${index}.${block.language === 'ts' ? 'mts' : 'mjs'}`, block]),
  );
  for (const [name, { text }] of named) writeFileSync(join(folder, name), text);
  const compilerOptions = {
    target: 'es2023',
    // Without the browser's, which would take longer to parse than all the rest.
    lib: ['es2023'],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    allowJs: true,
    checkJs: true,
    strict: true,
    noImplicitAny: false,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    paths: { 'mbc-flow/testing': [join(root, 'dist/testing.d.ts')] },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [...named.keys()] }));
  try {
    execFileSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' });
    return [];
  } catch (error) {
    const said = (error as { stdout: string }).stdout.trimEnd().split('\n');
    return said.map((line) =>
      line.replace(/^.*?(\d+\.m[tj]s)\((\d+),\d+\)/, (all, name: string, at: string) => {
        const block = named.get(name);
        return block ? `${block.page}:${block.line + Number(at)}` : all;
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
