import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { glob } from 'tinyglobby';
import type { CsvCheckOptions } from '../../csv/check.js';
import { type ExitCode, exitCodes, FlowError, worstExitCode } from '../../errors.js';
import { openSource, spooledSource, streamSource } from '../../files/open-source.js';
import type { CheckedFile } from '../../operations/import/check-file.js';
import { checkFile, isImportable } from '../../operations/import/check-file.js';
import type { FileSource } from '../../ports/file-source.js';
import {
  checkDocument,
  checkLines,
  fixOffer,
  problemLines,
  uncheckedDocument,
  uncheckedLine,
} from '../../views/import/check.js';
import type { Context } from '../shell/context.js';
import { interrupted } from '../shell/interruption.js';

/** The files that words name: paths, patterns that no shell has expanded, `-`. @throws FlowError 3 for none */
export async function filesNamed(cwd: string, words: string[]): Promise<string[]> {
  const files: string[] = [];
  for (const word of words) for (const file of await filesOf(cwd, word)) files.push(file);
  return [...new Set(files)];
}

async function filesOf(cwd: string, word: string): Promise<string[]> {
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
  rereads = true,
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

/** Checks what the words name, file by file: of several, one that can't be read is told of, and the others go on. */
export async function printChecks(
  context: Context,
  words: string[],
  options: CsvCheckOptions,
  strict: boolean,
): Promise<ExitCode> {
  const checks = context.out.stream('files');
  const codes: ExitCode[] = [];
  const tell = (path: string, error: unknown, alone: boolean): void => {
    if (alone || !(error instanceof FlowError) || context.signal.aborted) throw error;
    checks.add(uncheckedDocument(path, error), [uncheckedLine(path, error)]);
    codes.push(error.exitCode);
  };
  const seen = new Set<string>();
  for (const word of words) {
    const paths = await filesOf(context.cwd, word).catch((error: unknown) => {
      tell(word, error, words.length === 1);
      return [];
    });
    for (const path of paths) {
      if (seen.has(path)) continue;
      seen.add(path);
      try {
        for (const file of await checkAll(context, [path], options, false)) {
          const { source, report } = file;
          const importable = isImportable(file, strict);
          checks.add(checkDocument(source.path, report), checkLines(source.path, report, importable));
          codes.push(importable ? exitCodes.ok : exitCodes.usage);
        }
      } catch (error) {
        context.err.progress('');
        tell(path, error, words.length === 1 && paths.length === 1);
      }
    }
  }
  checks.end({}, { alone: true });
  return worstExitCode(codes);
}

export function warn({ err }: Context, files: CheckedFile[]): void {
  for (const { source, report } of files) {
    for (const line of problemLines(source.path, report, 'warning')) err.notice(line);
  }
  const offer = fixOffer(files.flatMap(({ report }) => report.problems));
  if (offer) err.notice(offer);
}
