import { isControl } from './file-kind.js';
import { isPadded } from './padding.js';
import { excerpt, type Place, type ProblemList } from './problems.js';

/**
 * Looks at the names of the columns.
 *
 * @param at where the cell of an index stands
 */
export function checkHeader(names: string[], at: (index: number) => Place, problems: ProblemList): void {
  const seen = new Map<string, number>();
  names.forEach((name, index) => {
    const number = index + 1;
    const here = () => at(index);
    const first = seen.get(name);
    if (first === undefined) seen.set(name, number);
    else {
      problems.add(
        'DuplicateHeader',
        here,
        () => `${excerpt(name)} names columns ${first} and ${number}: CSV headers cannot contain duplicates.`,
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
      problems.add('UnprintableHeader', here, () => `${called()} has characters that cannot be seen`);
    }
  });
}

/** Control and format characters (zero-width ones); a newline can be seen well enough. */
function isUnprintable(name: string): boolean {
  return /\p{Cf}/u.test(name) || [...name].some((character) => isControl(character.charCodeAt(0)));
}
