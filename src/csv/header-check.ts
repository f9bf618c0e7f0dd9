import { isUnprintable } from './mend-cells.js';
import { isPadded } from './padding.js';
import { excerpt, type Place, type ProblemList } from './problems.js';

/**
 * Looks at the names of the columns.
 *
 * @param names as they stand in the file
 * @param arriving as they reach the machine: the same, or mended
 * @param at where the cell of an index stands
 */
export function checkHeader(
  names: string[],
  arriving: string[],
  at: (index: number) => Place,
  problems: ProblemList,
): void {
  const seen = new Map<string, number>();
  names.forEach((name, index) => {
    const number = index + 1;
    const here = () => at(index);
    const key = arriving[index] ?? name;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, number);
    else {
      problems.add(
        'DuplicateHeader',
        here,
        () => `${excerpt(key)} names columns ${first} and ${number}: CSV headers cannot contain duplicates.`,
      );
    }
    const called = () => `the name of column ${number}, ${excerpt(name)},`;
    if (name === '') {
      problems.add(
        'EmptyHeader',
        here,
        () => `column ${number} has no name: its values arrive under the key ""`,
      );
    } else if (isPadded(name)) {
      problems.add('PaddedHeader', here, () => `${called()} has white space around it: AWS keeps it`);
    }
    if (isUnprintable(name)) {
      problems.add('UnprintableHeader', here, () => `${called()} contains invisible characters`);
    }
  });
}
