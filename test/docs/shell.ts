import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ran, type Running, start } from '../cli/world.js';
import { binary, isolatedEnvironment } from '../e2e/cli.js';
import type { Block } from './pages.js';

export interface Line {
  command: string;
  /** What the page shows below it; undefined in a block that shows no output. */
  shown?: string;
}

/** The command lines of a block. A trailing backslash joins lines; in a console block `$ ` begins one. */
export function linesOf({ language, text }: Block): Line[] {
  const joined = text.replace(/\\\n\s*/g, '');
  const rows = joined.split('\n').slice(0, -1);
  if (language === 'sh') return rows.filter((row) => /^[^#\s]/.test(row)).map((command) => ({ command }));
  const lines: Required<Line>[] = [];
  for (const row of rows) {
    const last = lines.at(-1);
    if (row.startsWith('$ ')) lines.push({ command: row.slice(2), shown: '' });
    else if (last) last.shown += `${row}\n`;
    else throw new Error(`a console block begins with "$ ": ${row}`);
  }
  return lines;
}

/** A reader's terminal in one folder: mbc-flow runs in this process, everything else in a shell. */
export class Terminal {
  private readonly staying: Running[] = [];
  private readonly env: Record<string, string> = { PATH: process.env.PATH ?? '', TZ: 'UTC' };
  private code = 0;
  /** Where the server of this page is, which says 8083 as a reader's does. */
  private address = '127.0.0.1:8083';

  constructor(readonly cwd: string) {
    mkdirSync(join(cwd, 'home/bin'), { recursive: true });
    symlinkSync(binary, join(cwd, 'home/bin/mbc-flow'));
  }

  async run(command: string): Promise<Ran> {
    if (command.trim() === 'echo $?') return { code: 0, stdout: `${this.code}\n`, stderr: '' };
    const placed = command.replaceAll('127.0.0.1:8083', this.address);
    const own = ownWords(placed);
    const ran = own ? await this.inProcess(own) : await this.inShell(placed);
    this.code = ran.code;
    return ran;
  }

  /** Starts a command that does not end by itself; it has begun when `begun` says so of what it has written. */
  async stay(command: string, begun: (written: string) => boolean): Promise<string> {
    const words = ownWords(command)?.words;
    if (!words) throw new Error(`not a command of mbc-flow: ${command}`);
    if (/^(?:dev|ui)$/.test(words[0] ?? '') && !words.includes('--port')) words.push('--port', '0');
    const running = start(words, { cwd: this.cwd, env: this.env, stdin: 'open' });
    this.staying.push(running);
    const written = await running.waitFor({ test: begun } as RegExp);
    if (words[0] === 'dev') this.address = /127\.0\.0\.1:\d+/.exec(written)?.[0] ?? this.address;
    return written;
  }

  async close(): Promise<void> {
    for (const running of this.staying.splice(0).reverse()) {
      running.signal('SIGINT');
      await running.done;
    }
  }

  private async inProcess({ words, input, output }: Own): Promise<Ran> {
    const stdin = input === undefined ? undefined : readFileSync(join(this.cwd, input), 'utf8');
    const ran = await start(words, { cwd: this.cwd, env: this.env, ...(stdin !== undefined && { stdin }) })
      .done;
    if (output === undefined) return ran;
    writeFileSync(join(this.cwd, output), ran.stdout);
    return { ...ran, stdout: '' };
  }

  private inShell(command: string): Promise<Ran> {
    const home = join(this.cwd, 'home');
    const env = isolatedEnvironment(home, { PATH: `${join(home, 'bin')}:${process.env.PATH}` });
    return new Promise((resolve) =>
      execFile('sh', ['-c', command], { cwd: this.cwd, env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
      ),
    );
  }
}

interface Own {
  words: string[];
  input?: string;
  output?: string;
}

/** The words after mbc-flow, if a line is one command of it and needs no shell. */
export function ownWords(line: string): Own | undefined {
  const rest = /^(?:npx )?mbc-flow(?: (.*))?$/.exec(line.trim());
  if (!rest) return undefined;
  const words: string[] = [];
  const own: Own = { words };
  let redirected: 'input' | 'output' | undefined;
  for (const [, text = ''] of (rest[1] ?? '').matchAll(
    /\s*((?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+)/g,
  )) {
    if (/^#/.test(text)) break;
    if (text === '>' || text === '<') redirected = text === '>' ? 'output' : 'input';
    else if (/^[^'"]*(?:[|;&`>*]|\$[A-Za-z({@?])/.test(text)) return undefined;
    else {
      const word = text.replace(
        /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g,
        (_, single, double, escaped) => single ?? double?.replace(/\\(.)/g, '$1') ?? escaped,
      );
      if (redirected) own[redirected] = word;
      else words.push(word);
      redirected = undefined;
    }
  }
  return own;
}
