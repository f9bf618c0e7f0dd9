import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { glob } from 'tinyglobby';
import type { CsvCheckOptions } from '../../csv/check.js';
import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { openSource, spooledSource, streamSource } from '../../files/open-source.js';
import type { CheckedFile } from '../../operations/import/check-file.js';
import { checkFile, isImportable } from '../../operations/import/check-file.js';
import type { FileSource } from '../../ports/file-source.js';
import { checkDocument, checkLines, fixOffer, problemLines } from '../../views/import/check.js';
import type { Context } from '../shell/context.js';
import { interrupted } from '../shell/leaving.js';

/** The files that words name: paths, patterns that no shell has expanded, `-`. @throws FlowError 3 for none */
export async function filesNamed(cwd: string, words: string[]): Promise<string[]> {
  const files: string[] = [];
  for (const word of words) for (const file of await filesOf(cwd, word)) files.push(file);
  return [...new Set(files)];
}

async function filesOf(cwd: string, word: string): Promise<string[]> {
  if (word === '') throw new FlowError(exitCodes.usage, 'BadUsage', 'a file name is empty');
  if (word === '-' || !/[*?[{]/.test(word)) return [word];
  // A file may be called so.
  if (existsSync(resolve(cwd, word))) return [word];
  const found = await glob(word, { cwd, expandDirectories: false });
  if (found.length > 0) return found.sort();
  throw new FlowError(exitCodes.notFound, 'FileNotFound', 'no file matches this pattern', { where: word });
}

/** Checks files one after the other. `rereads`: they are read a second time, which standard input can't be. */
export async function checkAll(
  context: Context,
  paths: string[],
  options: CsvCheckOptions,
  rereads: boolean,
): Promise<CheckedFile[]> {
  const files: CheckedFile[] = [];
  for (const path of paths) {
    for (const source of await sourcesOf(context, path, rereads)) {
      files.push(
        await checkFile(source, options, (bytes) =>
          context.err.progress(`checking ${source.path}  ${Math.floor(bytes / 1e6)} MB`),
        ),
      );
      if (context.signal.aborted) throw interrupted(context, 'Nothing was changed.');
    }
  }
  context.err.progress('');
  return files;
}

export const isZip = (path: string): boolean => /\.zip$/i.test(path);

async function sourcesOf(context: Context, path: string, rereads: boolean): Promise<FileSource[]> {
  if (isZip(path)) {
    const { openZip } = await import('../../files/open-zip.js');
    return await openZip(context.cwd, path, context.onClose);
  }
  if (path !== '-') return [await openSource(context.cwd, path)];
  return [
    rereads
      ? await spooledSource(context.stdin, 'stdin.csv', context.onClose)
      : streamSource(context.stdin, 'stdin.csv'),
  ];
}

export function printChecks({ out }: Context, files: CheckedFile[], strict: boolean): ExitCode {
  const checks = out.stream('files');
  for (const file of files) {
    const { source, report } = file;
    const lines = checkLines(source.path, report, isImportable(file, strict));
    checks.add(checkDocument(source.path, report), lines);
  }
  checks.end({}, { alone: true });
  return files.every((file) => isImportable(file, strict)) ? exitCodes.ok : exitCodes.usage;
}

export function warn({ err }: Context, files: CheckedFile[]): void {
  for (const { source, report } of files) {
    for (const line of problemLines(source.path, report, 'warning')) err.notice(line);
  }
  const offer = fixOffer(files.flatMap(({ report }) => report.problems));
  if (offer) err.notice(offer);
}
