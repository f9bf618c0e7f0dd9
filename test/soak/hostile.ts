/** A number from 0 to below `below`. */
export type Random = (below: number) => number;

/** A state that may be anything but the end of the server. */
export interface HostileState {
  state: object;
  input?: unknown;
  /** What the cause of its failure says, or why it was not even taken. Undefined: it may succeed or fail. */
  fails?: RegExp;
}

/** A filter pattern, and one of `hostileLines` that it must find, or must not. Undefined: either, or it is refused. */
export interface HostilePattern {
  pattern: string;
  finds?: boolean;
}

type Kinds<T> = [weight: number, make: (random: Random) => T][];

const TIME = /evaluation timeout: Check for infinite loop/;
const MEMORY = /memory limit exceeded/;
const TIME_OR_MEMORY = /evaluation timeout|memory limit exceeded/;
const TOO_LARGE = /exceeding the maximum number of bytes/;
const TOO_DEEP = /nested (too deeply|more than 1000 levels)/;

const query = (expression: string, fails?: RegExp, input?: unknown): HostileState => ({
  state: { QueryLanguage: 'JSONata', Type: 'Pass', Output: { v: `{% ${expression} %}` } },
  input,
  fails,
});

/** Those that take all of their second come seldom. */
const queries: Kinds<HostileState> = [
  [1, (n) => query(`( $f := function($x){$f($x + ${n(9)})}; $f(1) )`, TIME)],
  [1, (n) => query(`$contains("${'a'.repeat(40 + n(20))}!", /^(a+)+$/)`, TIME)],
  [1, (n) => query(`$match("${'ab'.repeat(40 + n(20))}!", /^((ab)*)*$/)`, TIME)],
  [
    1,
    (n) => query(`($f := function($a){$f($append($a, [[1..${90000 + n(999)}]]))}; $f([]))`, TIME_OR_MEMORY),
  ],
  [20, (n) => query(`( $f := function($x){1 + $f($x + ${n(9)})}; $f(1) )`, /Stack overflow error/)],
  [20, (n) => query(`[1..${873783 + n(9_000_000)}] ~> $count()`, MEMORY)],
  [20, (n) => query(`$sort([1..${900000 + n(50_000_000)}])`, MEMORY)],
  [20, (n) => query(`$length($pad("x", ${2 ** 23 + n(500_000_000)}))`, MEMORY)],
  [20, (n) => query(`($f := function($s){$f($s & $s)}; $f("${'x'.repeat(1 + n(99))}"))`, MEMORY)],
  [20, (n) => query(`$eval("${n(9)}")`, /T1006/)],
  [20, (n) => query('$string($states.input)', undefined, nested(100 + n(890)))],
  [20, (n) => query('$string($states.input)', TOO_DEEP, nested(1001 + n(3000)))],
  [20, (n) => query(`$reduce([1..${1100 + n(900)}], function($a, $b){[[$a]]})`, TOO_DEEP)],
];

const fields = (parameters: object, fails?: RegExp, input?: unknown): HostileState => ({
  state: { Type: 'Pass', Parameters: parameters },
  input,
  fails,
});
const field = (expression: string, fails?: RegExp, input?: unknown): HostileState =>
  fields({ 'v.$': expression }, fails, input);
const filtered = (regex: string, fails?: RegExp): HostileState =>
  field(`$.rows[?(@.x =~ /${regex}/)]`, fails, {
    rows: [{ x: 'a'.repeat(50_000) }, { x: 'ab'.repeat(9_999) }],
  });
const some = <T>(random: Random, ...all: T[]): T => all[random(all.length)] as T;
const many = (count: number, of: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => of(index)).join('');

const paths: Kinds<HostileState> = [
  [
    3,
    (n) => field(`$${many(2 + n(6), () => some(n, '..a', '..*', '..b'))}`, undefined, objects(100 + n(890))),
  ],
  [3, (n) => field(`$..*[?(@..${some(n, 'a', '*')} in $..a)]`, undefined, objects(100 + n(890)))],
  [
    3,
    (n) => filtered(many(1 + n(4), () => some(n, '(a+)+', '(a|a)*', '(.*a){9}', '([a-z]+)*', 'a*', '[^b]*'))),
  ],
  [
    3,
    (n) =>
      filtered(
        some(n, '(?=a)a*', '(?!b).*', '(?<=a)b', '(?<!a)b', '(a)\\1', 'a++', '(?>a*)b'),
        /does not support/,
      ),
  ],
  [3, (n) => field(`${'States.JsonToString('.repeat(101 + n(9_999))}$`)],
  [
    3,
    (n) =>
      field(calls('JsonToString', 25 + n(70)), /valid intrinsic function call/, { a: '"'.repeat(9 + n(99)) }),
  ],
  [3, (n) => field(calls('Array', 10 + n(80), ', $'), undefined, { a: 'x'.repeat(n(100_000)) })],
  [
    3,
    (n) => {
      const times = 300 + n(600);
      const braces = '{}'.repeat(times);
      return field(`States.Format('${braces}'${', $.s'.repeat(times)})`, TOO_LARGE, { s: 'x'.repeat(9_000) });
    },
  ],
  [
    3,
    (n) => {
      const names = Array.from({ length: 3_000 + n(3_000) }, (_, index): [string, string] => [
        `f${index}.$`,
        '$',
      ]);
      return fields(Object.fromEntries(names), TOO_LARGE, { s: 'x'.repeat(99 + n(99_999)) });
    },
  ],
  [
    2,
    (n) => {
      const searches = Array.from({ length: 300 + n(300) }, (_, index): [string, string] => [
        `f${index}.$`,
        some(n, 'States.ArrayLength($..*)', "States.ArrayLength(States.StringSplit($.s, ','))"),
      ]);
      return fields(Object.fromEntries(searches), undefined, {
        s: '1,'.repeat(50_000),
        rows: new Array(50_000).fill(0),
      });
    },
  ],
  [3, (n) => ({ state: { Type: 'Pass', ResultPath: `$${'.a'.repeat(1_000 + n(9_000))}` }, fails: TOO_DEEP })],
  [3, (n) => field('$', TOO_DEEP, nested(1_001 + n(3_000)))],
  [
    9,
    (n) =>
      field(
        many(1 + n(30), () =>
          some(
            n,
            '$',
            '..',
            '.a',
            '[0]',
            '[?(',
            ')]',
            '@.a',
            '==',
            '=~ /',
            '/',
            '(a+)+',
            "'",
            '!',
            '&&',
            '[*]',
            ',',
            '-1:',
            'States.Array(',
            ')',
          ),
        ),
        undefined,
        objects(50),
      ),
  ],
];

const calls = (name: string, levels: number, more = ''): string =>
  `${`States.${name}(`.repeat(levels)}$${`${more})`.repeat(levels)}`;

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let n = 0; n < depth; n++) value = [value];
  return value;
}

function objects(depth: number): unknown {
  let value: unknown = 1;
  for (let n = 0; n < depth; n++) value = { a: value, b: n };
  return value;
}

/** What others would try in every way. */
export const hostileLines = [
  'a'.repeat(200_000),
  '[ '.repeat(100_000),
  '" '.repeat(100_001),
  '1'.repeat(200_000),
  `${'1'.repeat(100_000)}x `.repeat(2),
  JSON.stringify({ m: 'a'.repeat(200_000), n: '1'.repeat(20_000), o: `${'1'.repeat(20_000)}x` }),
  `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
];

const patterns: Kinds<HostilePattern> = [
  [1, (n) => ({ pattern: `%${many(2 + n(20), () => some(n, 'a*', 'a+', 'a?', '[a-z]*'))}b%`, finds: false })],
  [1, (n) => ({ pattern: `%${many(1 + n(20), () => 'a*')}a$%`, finds: true })],
  [1, (n) => ({ pattern: `{ $.m = "${'*a'.repeat(1 + n(300))}*b" }`, finds: false })],
  [1, (n) => ({ pattern: `{ $.m = "${'*a'.repeat(1 + n(300))}*" }`, finds: true })],
  [1, (n) => ({ pattern: `{ $.n ${some(n, '>', '>=')} ${n(9)} && $.m = %a{${n(50)}}% }`, finds: true })],
  [1, (n) => ({ pattern: `{ $.o ${some(n, '<', '>', '>=')} ${n(9)} }`, finds: false })],
  [1, (n) => ({ pattern: `[${many(n(20), (index) => `f${index},`)} ..., last > ${n(9)}]` })],
  [1, (n) => ({ pattern: `{ ${some(n, '(', '!(', '($.a = 1 && (').repeat(n(300))}` })],
  [
    4,
    (n) => ({
      pattern: many(1 + n(40), () =>
        some(
          n,
          '{',
          '}',
          '[',
          ']',
          '$.a',
          '$',
          '=',
          '"',
          '%',
          'a*',
          '*',
          '&&',
          '||',
          '(',
          ')',
          ' ',
          '-',
          '?',
          '...',
          ',',
          '1',
          '\\',
          'IS NULL',
        ),
      ),
    }),
  ],
];

function picked<T>(kinds: Kinds<T>, random: Random): T {
  let at = random(kinds.reduce((sum, [weight]) => sum + weight, 0));
  const found = kinds.find(([weight]) => {
    at -= weight;
    return at < 0;
  });
  if (!found) throw new Error('no kinds');
  return found[1](random);
}

export const hostileQuery = (random: Random): HostileState => picked(queries, random);
export const hostilePath = (random: Random): HostileState => picked(paths, random);
export const hostilePattern = (random: Random): HostilePattern => picked(patterns, random);
