import { expect, test } from 'vitest';
import { visible, visibleJson, visibleStyled } from '../../../src/views/text/safe-text.js';
import { hostileTexts, leaks, ordinary } from '../../hostile-texts.js';

test.each(hostileTexts)('%j: nothing of it acts or hides, neither as text nor as JSON', (text) => {
  const shown = visible(text);
  expect(leaks(shown.replaceAll('FORGED', ''))).toEqual([]);
  expect(visible(shown)).toBe(shown);
  expect(visibleStyled(text)).toBe(shown);
  const json = visibleJson(JSON.stringify(text));
  expect(leaks(json)).toEqual([]);
  expect(JSON.parse(json)).toBe(text);
});

test.each([
  ordinary,
  'ﾊﾞﾊﾟ が バ 髙﨑 𠮷野家 辻󠄀',
  '👨‍👩‍👧‍👦 🧑🏽‍💻 🏳️‍🌈 🏴‍☠️ ❤️ ☎︎ 🇯🇵 #️⃣',
  'العربية می‌خواهم עברית',
  'क्‍ष ക്‍ ไทย 한국어',
  'e\u0301 ñ — “quotes” … €',
])('%s stays as it is', (text) => expect(visible(text)).toBe(text));
