import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { problemOf } from './line.js';
import { allTexts } from './texts.js';

const names = new Set(commands.flatMap(({ name, aliases = [] }) => [name.split(' ')[0] ?? '', ...aliases]));

test('every command line in a text of ours can be typed', () => {
  const bad: string[] = [];
  let lines = 0;
  for (const [where, text] of allTexts()) {
    // Completion scripts have a hidden command; the reports of others' tools have our name.
    if (/completion-words|junit|lint-reports|file-schema/.test(where)) continue;
    for (const one of text.split('\n')) {
      const [line] = /^ *(?:mbc-flow .*)$/.exec(one) ?? [];
      const alone = line?.trim().replace(/ {2,}\S.*$/, '');
      if (alone !== undefined && !/^mbc-flow (?:failed:|does not|\S*x\b|\()/.test(alone)) {
        lines++;
        const problem = problemOf(alone);
        if (problem !== undefined) bad.push(`${where}: ${alone}: ${problem}`);
      } else
        for (const [, name = ''] of one.matchAll(/\bmbc-flow ([a-z]{3,})(?=[\s.,;:)`']|$)/g)) {
          lines++;
          if (!names.has(name) && !prose.has(name) && !name.endsWith('x'))
            bad.push(`${where}: mbc-flow ${name}: no command`);
        }
    }
  }
  expect(bad).toEqual([]);
  expect(lines).toBeGreaterThan(300);
});

/** What a sentence about mbc-flow goes on with. */
const prose = new Set(['failed', 'does', 'reads', 'and', 'needs']);
