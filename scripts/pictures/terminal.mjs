// A reader's terminal: commands of the built bundle in a pseudo-terminal, and what is on its screen then.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { Screen } from './screen.mjs';

const binary = fileURLToPath(new URL('../../bin/mbc-flow.js', import.meta.url));
const clock = new URL('clock.mjs', import.meta.url).href;

/** What each process of the pictures is started with: a home of its own, and the pictures' time. */
export const environment = (cwd, shift) => ({
  PATH: process.env.PATH,
  HOME: join(cwd, 'home'),
  TERM: 'xterm-256color',
  FORCE_COLOR: '1',
  LANG: 'C.UTF-8',
  TZ: 'Asia/Tokyo',
  PICTURES_SHIFT: String(shift),
  NODE_OPTIONS: `--import=${clock}`,
});

export class Terminal {
  /** @param {{ cwd: string, env: Record<string, string>, columns?: number, rows?: number }} place */
  constructor({ cwd, env, columns = 80, rows = 24 }) {
    Object.assign(this, { cwd, env, columns, rows });
    this.screen = new Screen(columns);
  }

  /** Runs a line to its end, typing [what, when] something is on the screen. */
  async run(line, typed = []) {
    this.screen.write(`\x1b[32m$\x1b[39m \x1b[1m${line}\x1b[22m\r\n`);
    await this.start(line, typed).ended;
    if (this.screen.column > 0) this.screen.write('\r\n');
  }

  /** Runs a line until its screen shows something and rests, and ends it. */
  async look(line, until, typed = []) {
    const command = this.start(line, typed);
    await command.shows(until);
    await command.rests();
    // What the end of the command draws is no part of the picture.
    const screen = this.screen;
    this.screen = new Screen(this.columns);
    this.screen.lines = structuredClone(screen.lines);
    await command.end();
  }

  start(line, typed = []) {
    const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
    const child = spawn(process.execPath, [binary, ...words.slice(1)], {
      cwd: this.cwd,
      env: this.env,
      cols: this.columns,
      rows: this.rows,
    });
    const { screen } = this;
    const left = [...typed];
    const watchers = new Set();
    const told = () => {
      for (const look of [...watchers]) look();
    };
    let last = performance.now();
    let over = false;
    child.onData((text) => {
      last = performance.now();
      screen.write(text.replaceAll(this.cwd, '/home/mei/shop'));
      if (left.length > 0 && left[0][1].test(screen.text())) child.write(left.shift()[0]);
      told();
    });
    const ended = new Promise((resolve) =>
      child.onExit(() => {
        over = true;
        told();
        resolve();
      }),
    );
    return {
      ended,
      shows: (until) =>
        new Promise((resolve, reject) => {
          const fail = (how) => reject(new Error(`${line} ${how} ${until}:\n${screen.text()}`));
          const late = setTimeout(() => fail('has waited a minute for'), 60_000);
          const look = () => {
            const found = left.length === 0 && screen.text().match(until);
            if (!found && !over) return;
            clearTimeout(late);
            watchers.delete(look);
            if (found) resolve(found);
            else fail('ended without');
          };
          watchers.add(look);
          look();
        }),
      /** A screen is drawn in several pieces. */
      rests: async () => {
        const begun = performance.now();
        while (performance.now() - last < 300 && performance.now() - begun < 3_000)
          await new Promise((resolve) => setTimeout(resolve, 100));
      },
      end: () => {
        child.kill('SIGINT');
        return ended;
      },
    };
  }
}
