import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { stampOf } from '../../../files/file-stamp.mjs';

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
  for (const { file, exportName } of handlerPlaces(base, module))
    if (statSync(file, { throwIfNoEntry: false })?.isFile())
      return { file, exportName, stamp: `${file} ${stampOf(file)}` };
  return undefined;
}

/** Where it may be, likeliest first. */
export function handlerPlaces(base: string, module: string): Omit<HandlerFile, 'stamp'>[] {
  const path = resolve(base, module);
  const parts = basename(path).split('.');
  return parts.flatMap((_, cut) => {
    const length = parts.length - cut;
    const stem = join(dirname(path), parts.slice(0, length).join('.'));
    const exportName = parts.slice(length).join('.') || 'handler';
    return extensions.map((extension) => ({ file: stem + extension, exportName }));
  });
}
