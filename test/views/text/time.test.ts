import { afterEach, beforeEach, expect, test } from 'vitest';
import { clockText, timeHead, timeText, zonedTime } from '../../../src/views/text/time.js';

const { TZ } = process.env;
let zone: string | undefined;
beforeEach(() => {
  zone = TZ;
});
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const winter = Date.UTC(2026, 0, 31, 15, 5, 0, 123);
const summer = Date.UTC(2026, 6, 1, 3, 30);

test.each([
  ['Asia/Tokyo', '2026-02-01 00:05:00', '2026-02-01T00:05:00.123+09:00', 'STARTED (+09:00)'],
  ['America/New_York', '2026-01-31 10:05:00', '2026-01-31T10:05:00.123-05:00', 'STARTED (-05:00)'],
  ['Asia/Kolkata', '2026-01-31 20:35:00', '2026-01-31T20:35:00.123+05:30', 'STARTED (+05:30)'],
  ['UTC', '2026-01-31 15:05:00', '2026-01-31T15:05:00.123Z', 'STARTED (UTC)'],
])('in the zone %s', (name, text, zoned, head) => {
  process.env.TZ = name;
  expect(timeText(winter, {})).toBe(text);
  expect(zonedTime(winter, {})).toBe(zoned);
  expect(timeHead('STARTED', [winter], {})).toBe(head);
  expect(clockText(winter, {})).toBe(zoned.slice(11, 23));
  expect(timeText(winter, { utc: true })).toBe('2026-01-31 15:05:00');
  expect(zonedTime(winter, { utc: true })).toBe('2026-01-31T15:05:00.123Z');
  expect(timeHead('STARTED', [winter], { utc: true })).toBe('STARTED (UTC)');
});

test('a head over times of summer and winter names the zone, not an offset', () => {
  process.env.TZ = 'America/New_York';
  expect(timeHead('LAST', [winter, summer], {})).toBe('LAST (America/New_York)');
  process.env.TZ = 'Asia/Tokyo';
  expect(timeHead('LAST', [winter, summer], {})).toBe('LAST (+09:00)');
});

test('an unknown time is a dash', () => {
  expect(zonedTime(undefined, {})).toBe('-');
  expect(clockText(Number.NaN, {})).toBe('-');
});
