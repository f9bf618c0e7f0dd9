import type { ExitCode } from '../../errors.js';
import type { Context } from './context.js';

/** A positional argument. */
export interface ArgumentSpec {
  /** Commander's syntax: `<file...>`, `[machine]`. */
  syntax: string;
  description: string;
  /** An empty text says something. */
  mayBeEmpty?: boolean;
}

export interface OptionSpec {
  /** Commander's syntax: `--table <name>`, `--attribute <k=v...>`, `--no-header`. */
  flags: string;
  description: string;
  default?: string | boolean;
  choices?: readonly string[];
  /** What the command gets instead of the text (of each, where there may be several). @throws FlowError 2 */
  parse?(text: string, flag: string): unknown;
}

/** All that help needs to know of a command. */
export interface Declaration<
  A extends readonly ArgumentSpec[] = readonly ArgumentSpec[],
  O extends readonly OptionSpec[] = readonly OptionSpec[],
> {
  /** One word; or two, of which the first is that of a group: `task start`. */
  name: string;
  /** One line for the list of commands; does not repeat the name. */
  summary: string;
  /** A few sentences for the command's own help. */
  description?: string;
  arguments?: A;
  options?: O;
  /** It changes something (with these options): a reader of its output that goes away does not end it. */
  changes?: true | ((options: Readonly<Record<string, unknown>>) => boolean);
  /** Words by which people of other tools look for it. */
  aliases?: readonly string[];
  /** Shown under the help; each line can be pasted. */
  examples: readonly { line: string; what: string }[];
}

/** A declaration, and the one lazy door to what runs it. */
export interface Command extends Declaration {
  run(): Promise<{ run: RunCommand }>;
}

/** What the list of commands shows under one heading. */
export interface CommandGroup {
  title: string;
  commands: readonly Command[];
}

/** As the program calls it. */
export type RunCommand = (
  context: Context,
  args: (string | string[] | undefined)[],
  options: Record<string, unknown>,
) => Promise<ExitCode>;

/** What runs a declaration: its arguments and options have the types that their syntax says. */
export type Run<D> =
  D extends Declaration<infer A, infer O>
    ? (context: Context, args: ArgumentsOf<A>, options: OptionsOf<O>) => Promise<ExitCode>
    : never;

/** Keeps the literal types of what is declared. */
export const declare = <
  const A extends readonly ArgumentSpec[] = [],
  const O extends readonly OptionSpec[] = [],
>(
  declaration: Declaration<A, O>,
): Declaration<A, O> => declaration;

export const command = <A extends readonly ArgumentSpec[], O extends readonly OptionSpec[]>(
  declaration: Declaration<A, O>,
  run: () => Promise<{ run: Run<Declaration<A, O>> }>,
): Command => ({ ...declaration, run: run as unknown as Command['run'] });

export type ArgumentsOf<A extends readonly ArgumentSpec[]> = {
  -readonly [I in keyof A]: ArgumentOf<A[I]['syntax']>;
};
type ArgumentOf<S extends string> = S extends `${string}...${string}`
  ? string[]
  : S extends `<${string}`
    ? string
    : string | undefined;

/** By their names in camel case. */
export type OptionsOf<O extends readonly OptionSpec[]> = {
  [P in O[number] as IsAlwaysThere<P> extends true ? NameOf<P['flags']> : never]: ValueOf<P>;
} & {
  [P in O[number] as IsAlwaysThere<P> extends true ? never : NameOf<P['flags']>]?: ValueOf<P> | undefined;
};

type ValueOf<P extends OptionSpec> = P['flags'] extends `${string}<${string}...>`
  ? TextOf<P>[]
  : P['flags'] extends `${string}<${string}`
    ? TextOf<P>
    : P['flags'] extends `${string}[${string}`
      ? TextOf<P> | true
      : boolean;
type TextOf<P extends OptionSpec> = P extends { parse(text: string, flag: string): infer T }
  ? T
  : P extends { choices: readonly (infer C)[] }
    ? C
    : string;
/** With a default; a `--no-` flag is true without it. */
type IsAlwaysThere<P extends OptionSpec> = P extends { default: string | boolean }
  ? true
  : P['flags'] extends `--no-${string}`
    ? true
    : false;

type NameOf<F extends string> = LongOf<F> extends `no-${infer N}` ? Camel<N> : Camel<LongOf<F>>;
type LongOf<F extends string> = F extends `${string}--${infer L}` ? FirstWord<L> : never;
type FirstWord<L extends string> = L extends `${infer W} ${string}` ? W : L;
type Camel<S extends string> = S extends `${infer H}-${infer T}` ? `${H}${Capitalize<Camel<T>>}` : S;
