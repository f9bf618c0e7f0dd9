import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type ConfigurableFunctions,
  createFunctions,
  type FunctionsOptions,
} from '../../../src/local/functions/index.js';
import type { InvokeResult } from '../../../src/local/ports.js';
import { listening } from '../../listening.js';
import { memoryHost } from './host.js';

/** A folder with these files; gone when the test ends. */
export function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-functions-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export function startFunctions(
  options: Partial<FunctionsOptions> = {},
): ConfigurableFunctions & { lines: string[] } {
  const lines: string[] = [];
  const functions = createFunctions({
    base: tmpdir(),
    host: memoryHost(),
    endpoint: () => 'http://127.0.0.1:8083',
    env: () => process.env,
    services: {},
    region: 'ap-northeast-1',
    account: '101010101010',
    log: (line) => lines.push(line),
    writeLog: () => {},
    now: Date.now,
    ...(options as object),
  });
  onTestFinished(() => functions.stop());
  return { ...functions, lines };
}

export const serve = (listener: RequestListener): Promise<string> => listening(createServer(listener));

/** The error of a function that failed. */
export function failure({ payload, functionError }: InvokeResult): {
  errorType: string;
  errorMessage: string;
  trace?: string[];
} {
  if (functionError !== 'Unhandled')
    throw new Error(`the function did not fail, it returned ${payload.slice(0, 200)}`);
  return JSON.parse(payload);
}
