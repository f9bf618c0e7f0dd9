import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../cli/world.js';

const folder = join(import.meta.dirname, '../../dist/man');

test('every command has a manual page, in plain ASCII, small', () => {
  const pages = commands.map(({ name }) => `mbc-flow-${name.replace(' ', '-')}.1`);
  expect(readdirSync(folder).sort()).toEqual(['mbc-flow.1', ...pages].sort());
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(text, name).toMatch(/^\.TH MBC-FLOW/);
    expect(text, name).toMatch(/^[\x20-\x7e\n]+$/);
    expect(text.length, name).toBeLessThan(12_000);
    // A line that begins with a dot is a request, and only one of these.
    for (const [request] of text.matchAll(/^[.'].*/gm)) expect(request).toMatch(/^\.(TH|SH|SS|TP|B|BR)\b/);
  }
});

if (existsSync('/usr/bin/groff'))
  test('groff has nothing to complain of', () => {
    for (const name of ['mbc-flow.1', 'mbc-flow-import.1', 'mbc-flow-approve.1']) {
      const shown = execFileSync('sh', ['-c', `groff -man -ww -Tutf8 '${join(folder, name)}' 2>&1`], {
        encoding: 'utf8',
      });
      expect(shown).not.toMatch(/warning|error:/);
    }
  });
