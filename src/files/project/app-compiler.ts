import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type typescript from 'typescript';

/** `Cannot find name`, with and without a guess at what was meant, and of a namespace. */
const UNKNOWN = new Set([2304, 2552, 2503]);

/** What an application's own TypeScript says of its sources. Undefined where it has none. */
export function appCompiler(
  folder: string,
): { unknownTypes(file: string, offsets: number[]): Set<number> } | undefined {
  const ts = typescriptOf(folder);
  if (!ts) return undefined;
  const programs = new Map<string, typescript.Program>();
  const programFor = (file: string): typescript.Program => {
    const config = ts.findConfigFile(dirname(file), ts.sys.fileExists);
    const key = config ?? file;
    const made = programs.get(key);
    if (made?.getSourceFile(file)) return made;
    const { options, fileNames } = configOf(ts, config);
    const program = ts.createProgram([...new Set([...fileNames, file])], { ...options, noEmit: true });
    programs.set(key, program);
    return program;
  };
  return {
    unknownTypes(file, offsets) {
      const program = programFor(file);
      const source = program.getSourceFile(file);
      const unknown = program
        .getSemanticDiagnostics(source)
        .filter(({ code, start }) => UNKNOWN.has(code) && start !== undefined && offsets.includes(start));
      return new Set(unknown.map(({ start = 0 }) => start));
    },
  };
}

function configOf(ts: typeof typescript, path: string | undefined) {
  if (path === undefined) return { options: {}, fileNames: [] };
  const { config = {} } = ts.readConfigFile(path, ts.sys.readFile) as { config?: object };
  return ts.parseJsonConfigFileContent(config, ts.sys, dirname(path));
}

function typescriptOf(folder: string): typeof typescript | undefined {
  try {
    return createRequire(join(folder, 'package.json'))('typescript') as typeof typescript;
  } catch {
    return undefined;
  }
}
