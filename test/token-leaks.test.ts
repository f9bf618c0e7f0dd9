import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createTokens } from '../src/local/runtime/tokens.js';
import { expectNoTokens, watchFilesForTokens, watchForTokens } from './token-leaks.js';

const token = createTokens('secret').issue({ executionId: 1, taskId: 1 });

test('a token in output, arguments or kept files is seen; a revealed one, or the server’s data, is none', () => {
  const home = mkdtempSync(join(tmpdir(), 'mbc-flow-leaks-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  for (const folder of ['.cache/mbc-flow', '.local/share']) {
    mkdirSync(join(home, folder), { recursive: true });
    writeFileSync(join(home, folder, 'file'), token);
  }
  watchForTokens(['pending', '--reveal-token'], token);
  watchForTokens(['pending'], 'r-1');
  expect(expectNoTokens).not.toThrow();
  watchForTokens(['pending'], `"token":"${token}"`);
  expect(expectNoTokens).toThrow('the output of mbc-flow pending');
  watchForTokens(['resume', token], '');
  expect(expectNoTokens).toThrow('the arguments of resume');
  watchFilesForTokens(home);
  expect(expectNoTokens).toThrow(/^task tokens in [^;]*\.cache\/mbc-flow\/file$/);
});
