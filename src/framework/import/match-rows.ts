import type { CsvRow } from '../../csv/row-reader.js';
import type { Json } from '../../json/json.js';

/** Something that was made of a row: its data after the app's transformation, or the command that came of it. */
export interface MadeOfRow {
  data: Json;
}

/**
 * Finds the rows of a file that things were made of, where nothing but their values tells: an app may rename columns and
 * turn texts into numbers. Rows are pushed in order; only the best place of each thing is kept.
 */
export function createRowMatcher<T extends MadeOfRow>(things: T[]) {
  const wanted = things.map((thing) => ({ thing, values: valuesIn(thing.data) }));
  const withValue = new Map<string, number[]>();
  for (const [index, { values }] of wanted.entries())
    for (const value of values) withValue.set(value, [...(withValue.get(value) ?? []), index]);
  const best = new Map<number, { score: number; line: number }>();
  const takenLines = new Map<number, number>();
  return {
    push({ line, item }: Pick<CsvRow, 'line' | 'item'>): void {
      const cells = [...new Set(Object.values(item).map((cell) => cell.trim()))].filter(
        (cell) => cell !== '',
      );
      const scores = new Map<number, number>();
      for (const cell of cells)
        for (const index of withValue.get(cell) ?? []) scores.set(index, (scores.get(index) ?? 0) + 1);
      for (const [index, score] of [...scores].sort(([, a], [, b]) => b - a)) {
        // A row of which most is not there is another one.
        if (score * 2 < cells.length) continue;
        if (score <= (best.get(index)?.score ?? 0) || takenLines.has(line)) continue;
        takenLines.set(line, index);
        best.set(index, { score, line });
      }
    },
    /** Each thing with its line, where one was found. */
    end: (): { thing: T; line?: number }[] =>
      wanted.map(({ thing }, index) => ({ thing, line: best.get(index)?.line })),
  };
}

/** What its members say, as texts. */
export function valuesIn(value: Json): Set<string> {
  const found = new Set<string>();
  const walk = (inner: Json): void => {
    if (inner === null) return;
    if (typeof inner === 'object') for (const member of Object.values(inner)) walk(member as Json);
    else found.add(String(inner).trim());
  };
  walk(value);
  return found;
}
