import { saidIn } from './translate.js';

const units: Readonly<Record<string, string>> = { ms: 'ミリ秒', s: '秒', min: '分', h: '時間', d: '日' };

/** Numbers with their units: `2.8 s`, `1 min 3 s`. */
export const unitsIn = (ja: boolean, text: string): string =>
  ja ? text.replace(/(?<=\d )(ms|s|min|h|d)\b/g, (unit) => units[unit] ?? unit) : text;

const facts: Readonly<Record<string, string>> = {
  mapRunArn: 'マップ実行',
  workerName: 'ワーカー',
  location: '場所',
  redriveCount: 'redrive 回数',
};

/** What an event says beside its type, part by part; names, ARNs and the words of others stay. */
export const happenedIn = (ja: boolean, what: string): string =>
  ja
    ? what
        .split('  ')
        .map((part) => factOf(part) ?? saidIn(true, part).text)
        .join('  ')
    : what;

function factOf(part: string): string | undefined {
  const [, item] = /^item (\d+)$/.exec(part) ?? [];
  if (item !== undefined) return `項目 ${item}`;
  const [, items] = /^([\d\s,]+) items$/.exec(part) ?? [];
  if (items !== undefined) return `${items} 項目`;
  const [, key = '', value = ''] = /^(\w+) (\S+)$/.exec(part) ?? [];
  return Object.hasOwn(facts, key) ? `${facts[key]} ${value}` : undefined;
}
