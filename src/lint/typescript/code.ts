/**
 * TypeScript as the rules see it: enough of its lexis to know code from comments and strings. Offsets are those of
 * the text itself.
 */
export interface Code {
  text: string;
  /** Comments blanked. */
  code: string;
  /** Comments and the insides of strings blanked. */
  bare: string;
}

const TOKENS =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^'\\\n]|\\.)*'?|"(?:[^"\\\n]|\\.)*"?|`(?:[^`\\]|\\[\s\S])*`?/g;

export function readCode(text: string): Code {
  const blank = (part: string): string => part.replace(/[^\n]/g, ' ');
  const code = text.replace(TOKENS, (token) => (token.startsWith('/') ? blank(token) : token));
  const bare = code.replace(
    TOKENS,
    (token) => token.charAt(0) + blank(token.slice(1, -1)) + token.slice(1).slice(-1),
  );
  return { text, code, bare };
}

const CLOSING: Record<string, string> = { '(': ')', '{': '}', '[': ']' };

/** End (exclusive) of the bracket that opens at `start`; the text's end where it is not closed. */
function balancedEnd({ bare }: Code, start: number): number {
  const open = bare.charAt(start);
  const close = CLOSING[open];
  let depth = 0;
  for (let at = start; at < bare.length; at++) {
    if (bare[at] === open) depth++;
    else if (bare[at] === close && --depth === 0) return at + 1;
  }
  return bare.length;
}

/** A place in the code, with what stands there. */
export interface Part {
  start: number;
  /** From the comment-free text. */
  text: string;
}

/** What is within the first bracket at or after the end of each match. */
export function* bracketsAfter(code: Code, pattern: RegExp): Generator<Part & { match: RegExpMatchArray }> {
  for (const match of code.bare.matchAll(pattern)) {
    const from = match.index + match[0].length;
    const offset = code.bare.slice(from).search(/[({[]/);
    if (offset < 0) continue;
    const start = from + offset;
    yield { match, start: match.index, text: code.code.slice(start, balancedEnd(code, start)) };
  }
}

/** The classes of a file: their name, the text before the body (`extends …`), and the body. */
export function* classesOf(
  code: Code,
): Generator<{ name: string; start: number; heritage: string; body: Part }> {
  for (const match of code.bare.matchAll(/\bclass\s+(\w+)([^{]*)\{/g)) {
    const open = match.index + match[0].length - 1;
    const body = { start: open, text: code.code.slice(open, balancedEnd(code, open)) };
    yield { name: match[1] ?? '', start: match.index, heritage: match[2] ?? '', body };
  }
}

const GLOBAL_TYPES = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  ...[
    'Partial',
    'Required',
    'Readonly',
    'Record',
    'Pick',
    'Omit',
    'Exclude',
    'Extract',
    'NonNullable',
    'Parameters',
  ],
  ...[
    'ConstructorParameters',
    'ReturnType',
    'InstanceType',
    'Awaited',
    'Uppercase',
    'Lowercase',
    'Capitalize',
  ],
  ...[
    'ReadonlyArray',
    'ReadonlyMap',
    'ReadonlySet',
    'PromiseLike',
    'ArrayLike',
    'Iterable',
    'Iterator',
    'Generator',
  ],
  ...['AsyncIterable', 'AsyncGenerator', 'NodeJS', 'Express', 'ThisType', 'PropertyKey', 'MethodDecorator'],
  ...[
    'ClassDecorator',
    'PropertyDecorator',
    'ParameterDecorator',
    'Uncapitalize',
    'AsyncIterator',
    'TemplateStringsArray',
  ],
]);

/** Names in the place of a type that the file neither imports nor declares. */
export function* unknownTypes(code: Code): Generator<{ name: string; start: number }> {
  const known = declaredNames(code.bare);
  const seen = new Set<string>();
  // After a colon, an `implements` or inside of <…>: a type. (Values of objects begin there too, but not in capitals.)
  for (const match of code.bare.matchAll(
    /(?::\s*|\bimplements\s+|\bPromise<|\bArray<|<)([A-Z]\w*)(?![\w.(])/g,
  )) {
    const name = match[1] ?? '';
    // T, TInput: a parameter of a method.
    if (/^[A-Z]$|^T[A-Z]/.test(name) || known.has(name) || GLOBAL_TYPES.has(name) || seen.has(name)) continue;
    seen.add(name);
    yield { name, start: match.index + match[0].length - name.length };
  }
}

function declaredNames(bare: string): Set<string> {
  const names = new Set<string>();
  const add = (pattern: RegExp): void => {
    for (const match of bare.matchAll(pattern)) if (match[1]) names.add(match[1]);
  };
  add(/\b(?:class|interface|type|enum|namespace|const|let|var|function)\s+(\w+)/g);
  for (const match of bare.matchAll(/\b(?:class|interface|type|function)\s+\w+\s*<([^(){}]*?)>/g))
    for (const part of (match[1] ?? '').split(',')) names.add(/\w+/.exec(part)?.[0] ?? '');
  for (const match of bare.matchAll(/\bimport\b([^;'"]*?)\bfrom\b/g))
    for (const part of (match[1] ?? '').split(/[{},]/)) {
      const name = /(\w+)\s*$/.exec(part)?.[1];
      if (name) names.add(name);
    }
  return names;
}
