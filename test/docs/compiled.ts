import { join } from 'node:path';
import ts from 'typescript';
import { type Block, root } from './pages.js';

/** What the type checker says of the TypeScript and JavaScript blocks, as modules of a project that has mbc-flow. */
export function complaints(blocks: Block[]): string[] {
  const sources = new Map(
    blocks.map((block) => [
      join(
        root,
        'test/docs',
        `${block.page.replaceAll('/', '-')}-${block.line}.${block.language === 'ts' ? 'mts' : 'mjs'}`,
      ),
      block,
    ]),
  );
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    // Without the browser's, which would take longer to parse than all the rest.
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowJs: true,
    checkJs: true,
    strict: true,
    noImplicitAny: false,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    paths: { 'mbc-flow/testing': [join(root, 'dist/testing.d.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.fileExists = (path) => sources.has(path) || fileExists(path);
  host.readFile = (path) => sources.get(path)?.text ?? readFile(path);
  const { getSourceFile } = host;
  host.getSourceFile = (path, target, ...rest) => {
    const block = sources.get(path);
    return block ? ts.createSourceFile(path, block.text, target, true) : getSourceFile(path, target, ...rest);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return [...sources].flatMap(([path, { page, line }]) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText, start = 0 }) => {
        const at = source?.getLineAndCharacterOfPosition(start).line ?? 0;
        return `${page}:${line + at + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
      },
    );
  });
}
