/** The shapes of requests as AWS's service model gives them, and the TypeScript types that follow from them. */

export interface TextShape<V extends string = string> {
  kind: 'string';
  min?: number;
  max?: number;
  /** As AWS's model writes it: the whole text must match. */
  pattern?: string;
  /** An enum's values, in the order of AWS's complaint. */
  values?: readonly V[];
  /** AWS leaves the value out of its complaints. */
  sensitive?: boolean;
}
export interface NumberShape {
  kind: 'integer' | 'float';
  min?: number;
  max?: number;
}
export interface BooleanShape {
  kind: 'boolean';
}
export interface ListShape<M extends Shape = Shape> {
  kind: 'list';
  member: M;
  min?: number;
  max?: number;
}
export interface StructureShape<M extends Members = Members, R extends string = string> {
  kind: 'structure';
  name: string;
  members: M;
  required: readonly R[];
}
// biome-ignore lint/suspicious/noExplicitAny: a recursive type needs its parameters left open somewhere
export type Shape = TextShape<any> | NumberShape | BooleanShape | ListShape<any> | StructureShape<any, any>;
export interface Members {
  readonly [member: string]: Shape;
}

/** What a request of this shape holds, once it was checked. */
export type Value<S> =
  S extends TextShape<infer V>
    ? V
    : S extends NumberShape
      ? number
      : S extends BooleanShape
        ? boolean
        : S extends ListShape<infer M>
          ? Value<M>[]
          : S extends StructureShape<infer M, infer R>
            ? { [K in keyof M & R]: Value<M[K]> } & { [K in Exclude<keyof M, R>]?: Value<M[K]> }
            : never;

type Limits<S> = Omit<S, 'kind' | 'values'>;

export const text = (limits: Limits<TextShape> = {}): TextShape => ({ kind: 'string', ...limits });
export const oneOf = <const V extends string>(...values: V[]): TextShape<V> => ({ kind: 'string', values });
export const integer = (min?: number, max?: number): NumberShape => ({ kind: 'integer', min, max });
export const float = (min?: number, max?: number): NumberShape => ({ kind: 'float', min, max });
export const boolean: BooleanShape = { kind: 'boolean' };
export const list = <M extends Shape>(
  member: M,
  limits: { min?: number; max?: number } = {},
): ListShape<M> => ({
  kind: 'list',
  member,
  ...limits,
});
export const structure = <M extends Members, const R extends keyof M & string = never>(
  name: string,
  members: M,
  ...required: R[]
): StructureShape<M, R> => ({ kind: 'structure', name, members, required });
