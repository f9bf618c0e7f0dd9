import { MAX_EXPRESSION_DEPTH, type Work } from './work-limit.js';

/**
 * Regular expressions of users, matched in time linear in the text: all ways are followed at once, where V8's own
 * would try one after the other. Groups, alternatives, classes, repetitions, `^ $ \b \B`, the flags `i m s`.
 * Backreferences, lookaround, possessive and atomic groups are not supported: they have no such match.
 */
export interface RegularExpression {
  /** Whether the whole text matches. */
  matches(text: string, work: Work): boolean;
  /** Whether any part of the text matches. */
  isFoundIn(text: string, work: Work): boolean;
}

/** It may well be one, but what is in it has no such match. */
export class UnsupportedExpression extends Error {}

type Assertion = '^' | '$' | '\\b' | '\\B';

/** One step of the program; `next` and `other` are places in it. */
type Step =
  | { kind: 'character'; test: (character: string) => boolean; next: number }
  | { kind: 'either'; next: number; other: number }
  | { kind: 'assert'; what: Assertion; next: number }
  | { kind: 'end' };

type Node =
  | { kind: 'character'; test: (character: string) => boolean }
  | { kind: 'assert'; what: Assertion }
  | { kind: 'sequence' | 'choice'; parts: Node[] }
  | { kind: 'repeat'; node: Node; least: number; most: number };

/** Steps of a program at most; counted repetitions are written out. */
const MAX_STEPS = 2_000;

/** Throws a SyntaxError, or an UnsupportedExpression that names the construct. */
export function compileRegularExpression(source: string, flags = ''): RegularExpression {
  const steps = new Program().of(new Parser(source, flags).whole());
  const multiline = flags.includes('m');
  return {
    matches: (text, work) => run(steps, text, work, multiline, true),
    isFoundIn: (text, work) => run(steps, text, work, multiline, false),
  };
}

function run(steps: Step[], text: string, work: Work, multiline: boolean, whole: boolean): boolean {
  const seenAt = new Int32Array(steps.length).fill(-1);
  let current: number[] = [];
  let ended = false;
  let place = 0;
  const enter = (start: number, into: number[], before: string, after: string): void => {
    const open = [start];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seenAt[at] === place) continue;
      seenAt[at] = place;
      const step = steps[at];
      if (step?.kind === 'either') open.push(step.other, step.next);
      else if (step?.kind === 'assert') {
        if (holds(step.what, before, after, multiline)) open.push(step.next);
      } else if (step?.kind === 'end') ended = true;
      else into.push(at);
    }
  };
  const first = characterAt(text, 0);
  enter(0, current, '', first);
  for (let at = 0, character = first; character !== ''; ) {
    if (ended && !whole) return true;
    if (whole && current.length === 0) return false;
    work.spend(current.length + 1);
    at += character.length;
    place++;
    ended = false;
    const after = characterAt(text, at);
    const next: number[] = [];
    for (const index of current) {
      const step = steps[index];
      if (step?.kind === 'character' && step.test(character)) enter(step.next, next, character, after);
    }
    // A search may begin anywhere.
    if (!whole) enter(0, next, character, after);
    current = next;
    character = after;
  }
  return ended;
}

function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function holds(what: Assertion, before: string, after: string, multiline: boolean): boolean {
  if (what === '^') return before === '' || (multiline && before === '\n');
  if (what === '$') return after === '' || (multiline && after === '\n');
  return (isWord(before) !== isWord(after)) === (what === '\\b');
}

const isWord = (character: string): boolean => /^\w$/.test(character);

class Program {
  private readonly steps: Step[] = [];

  /** It begins at 0. */
  of(node: Node): Step[] {
    const start = this.add({ kind: 'end' });
    const first = this.write(node, this.add({ kind: 'end' }));
    this.steps[start] = { kind: 'either', next: first, other: first };
    return this.steps;
  }

  private add(step: Step): number {
    if (this.steps.length >= MAX_STEPS)
      throw new UnsupportedExpression(
        `mbc-flow's local server does not run regular expressions of more than ${MAX_STEPS} steps`,
      );
    return this.steps.push(step) - 1;
  }

  /** Writes `node` so that it goes on at `next`; answers where it begins. */
  private write(node: Node, next: number): number {
    switch (node.kind) {
      case 'character':
        return this.add({ kind: 'character', test: node.test, next });
      case 'assert':
        return this.add({ kind: 'assert', what: node.what, next });
      case 'sequence':
        return node.parts.reduceRight((after, part) => this.write(part, after), next);
      case 'choice':
        return node.parts
          .map((part) => this.write(part, next))
          .reduceRight((other, first) => this.add({ kind: 'either', next: first, other }));
      case 'repeat': {
        let start = next;
        if (node.most === Number.POSITIVE_INFINITY) {
          start = this.add({ kind: 'either', next, other: next });
          this.steps[start] = { kind: 'either', next: this.write(node.node, start), other: next };
        } else
          for (let count = node.least; count < node.most; count++)
            start = this.add({ kind: 'either', next: this.write(node.node, start), other: next });
        for (let count = 0; count < node.least; count++) start = this.write(node.node, start);
        return start;
      }
    }
  }
}

const ESCAPE = /^\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|[pP]\{\w+(?:=\w+)?\}|c[A-Za-z]|.)/su;
const CLASS = /^\[\^?(?:\\.|[^\]\\])*\]/su;
const COUNT = /^\{(\d+)(?:(,)(\d*))?\}/;

/** Groups that Java has, and this matcher has not. */
const GROUPS: Readonly<Record<string, string>> = {
  '?=': 'a lookahead',
  '?!': 'a lookahead',
  '?<=': 'a lookbehind',
  '?<!': 'a lookbehind',
  '?>': 'an atomic group',
};

class Parser {
  private at = 0;
  private depth = 0;
  constructor(
    private readonly source: string,
    private readonly flags: string,
  ) {}

  whole(): Node {
    const node = this.choice();
    if (this.at < this.source.length) this.fail("')' without '('");
    return node;
  }

  private choice(): Node {
    const parts = [this.sequence()];
    while (this.source[this.at] === '|') {
      this.at++;
      parts.push(this.sequence());
    }
    return { kind: 'choice', parts };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    while (this.at < this.source.length && !'|)'.includes(this.source[this.at] ?? ''))
      parts.push(this.repeated(this.atom()));
    return { kind: 'sequence', parts };
  }

  private repeated(atom: Node): Node {
    let node = atom;
    for (;;) {
      const next = this.source[this.at] ?? '';
      const count = COUNT.exec(this.source.slice(this.at, this.at + 24));
      if (count) {
        const least = Number(count[1]);
        const most = count[2] === undefined ? least : count[3] ? Number(count[3]) : Number.POSITIVE_INFINITY;
        if (least > most) this.fail('a repetition is out of order');
        if (least > MAX_STEPS) this.unsupported('so long a repetition', count[0]);
        this.at += count[0].length;
        node = { kind: 'repeat', node, least, most };
      } else if (next !== '' && '*+?'.includes(next)) {
        this.at++;
        node = {
          kind: 'repeat',
          node,
          least: next === '+' ? 1 : 0,
          most: next === '?' ? 1 : Number.POSITIVE_INFINITY,
        };
      } else return node;
      // Lazy or not makes no difference to whether there is a match.
      if (this.source[this.at] === '?') this.at++;
      else if (this.source[this.at] === '+') this.unsupported('a possessive repetition', '+');
    }
  }

  private atom(): Node {
    const rest = this.source.slice(this.at, this.at + 2);
    if (rest[0] === '(') return this.group();
    if (rest[0] === '^' || rest[0] === '$') {
      this.at++;
      return { kind: 'assert', what: rest[0] };
    }
    if (rest === '\\b' || rest === '\\B') {
      this.at += 2;
      return { kind: 'assert', what: rest };
    }
    if ('*+?'.includes(rest[0] ?? '')) this.fail('nothing to repeat');
    if (/^\\[1-9k]/.test(rest)) this.unsupported('a backreference', rest);
    const left = this.source.slice(this.at);
    const text = (rest[0] === '[' ? CLASS : rest[0] === '\\' ? ESCAPE : /^./su).exec(left)?.[0];
    if (text === undefined) return this.fail('the regular expression ends too early');
    this.at += text.length;
    return { kind: 'character', test: this.oneOf(text) };
  }

  private group(): Node {
    const opening = /^\((\?:|\?<[A-Za-z]\w*>)?/.exec(this.source.slice(this.at))?.[0] ?? '(';
    this.at += opening.length;
    const [odd] =
      opening === '(' ? (/^\?(?:<?[=!]|>|[a-zA-Z-]*[:)])?/.exec(this.source.slice(this.at)) ?? []) : [];
    if (odd !== undefined) this.unsupported(GROUPS[odd] ?? 'this kind of group', `(${odd}`);
    if (++this.depth > MAX_EXPRESSION_DEPTH) this.fail('groups are nested too deeply');
    const node = this.choice();
    this.depth--;
    if (this.source[this.at] !== ')') this.fail("')' is missing");
    this.at++;
    return node;
  }

  /** One character's test: a literal, an escape, a class. V8 knows what they mean, and on one it cannot backtrack. */
  private oneOf(text: string): (character: string) => boolean {
    const flags = this.flags.replace(/[^is]/g, '');
    if (/^[^\\[.]$/u.test(text) && !flags.includes('i')) return (character) => character === text;
    const source = /^[{}\]/]$/.test(text) ? `\\${text}` : text;
    let expression: RegExp;
    try {
      expression = new RegExp(`^${source}$`, `${flags}u`);
    } catch {
      // Escapes that mean themselves (`\-`) are fine without Unicode.
      expression = new RegExp(`^${source}$`, flags);
    }
    return (character) => expression.test(character);
  }

  private unsupported(what: string, construct: string): never {
    throw new UnsupportedExpression(
      `mbc-flow's local server does not support ${what}, '${construct}', in the regular expression /${this.source}/`,
    );
  }

  private fail(why: string): never {
    throw new SyntaxError(`Invalid regular expression: /${this.source}/: ${why}`);
  }
}
