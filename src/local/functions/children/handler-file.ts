import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

export interface HandlerFile {
  file: string;
  /** Dotted path of the export. */
  exportName: string;
  /** Changes when the file does. */
  stamp: string;
}

const extensions = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

/**
 * The file and the export that `./dist/main.handler` means. Both may hold dots: the longest name of a file that
 * exists wins. A file alone means its export `handler`. Undefined: there is no such file.
 */
export function handlerFile(base: string, module: string): HandlerFile | undefined {
  const path = resolve(base, module);
  const parts = basename(path).split('.');
  for (let length = parts.length; length > 0; length--) {
    const stem = join(dirname(path), parts.slice(0, length).join('.'));
    const exportName = parts.slice(length).join('.') || 'handler';
    for (const extension of extensions) {
      const file = stem + extension;
      if (statSync(file, { throwIfNoEntry: false })?.isFile())
        return { file, exportName, stamp: `${file} ${stampOf(file)}` };
    }
  }
  return undefined;
}

/** Changes when the file does. */
export function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.mtimeMs} ${stat.size}`;
}
