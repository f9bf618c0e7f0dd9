/** The part of JSON Schema that our schemas use. `errorMessage` stands for the check's own words. */
export interface Schema {
  $schema?: string;
  title?: string;
  description?: string;
  examples?: readonly unknown[];
  default?: unknown;
  errorMessage?: string;
  type?: 'string' | 'boolean' | 'number' | 'integer' | 'array' | 'object';
  enum?: readonly (string | boolean)[];
  pattern?: string;
  format?: 'uri';
  minimum?: number;
  exclusiveMinimum?: number;
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  /** What members have that `properties` does not name; false: there are none. */
  additionalProperties?: Schema | false;
  propertyNames?: { not: { enum: readonly string[] }; errorMessage: string };
  anyOf?: readonly Schema[];
  /** Exactly one of these members. */
  oneOf?: readonly { required: readonly [string] }[];
}

/** The type of what a schema describes. */
export type FromSchema<S> = S extends { enum: readonly (infer E)[] }
  ? E
  : S extends { anyOf: readonly (infer A)[] }
    ? A extends unknown
      ? FromSchema<A>
      : never
    : S extends { type: 'string' }
      ? string
      : S extends { type: 'boolean' }
        ? boolean
        : S extends { type: 'number' | 'integer' }
          ? number
          : S extends { type: 'array'; items: infer I }
            ? FromSchema<I>[]
            : S extends { properties: infer P }
              ? Members<P, S extends { required: readonly (infer R)[] } ? R : never>
              : S extends { additionalProperties: infer A }
                ? Record<string, FromSchema<A>>
                : unknown;
type Members<P, R> = { -readonly [K in keyof P as K extends R ? K : never]: FromSchema<P[K]> } & {
  -readonly [K in keyof P as K extends R ? never : K]?: FromSchema<P[K]>;
};

/** Names and indexes, from the whole value on. */
export type MemberPath = readonly (string | number)[];

export const pathText = (path: MemberPath): string =>
  `$${path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')}`;

/** Where a check is, as a path only once somebody complains: there are thousands of places for each that is wrong. */
interface Where {
  above: Where | MemberPath;
  step: string | number;
}

const pathOf = (where: Where | MemberPath): MemberPath =>
  'step' in where ? [...pathOf(where.above), where.step] : where;

type Complain = (where: Where | MemberPath, message: string) => never;

/**
 * Checks a value against a schema.
 * @param complain is called for the first invalid member, with its path and the problem
 */
export function checkSchema(
  schema: Schema,
  value: unknown,
  path: MemberPath,
  complain: (path: MemberPath, message: string) => never,
): void {
  check(schema, value, path, (where, message) => complain(pathOf(where), message));
}

function check(schema: Schema, value: unknown, where: Where | MemberPath, complain: Complain): void {
  if (schema.anyOf) {
    check(variantFor(schema.anyOf, value), value, where, complain);
    return;
  }
  if (!fits(schema, value)) complain(where, schema.errorMessage ?? `must be ${wanted(schema)}`);
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!items) return;
    for (let index = 0; index < value.length; index++)
      check(items, value[index], { above: where, step: index }, complain);
  } else if (isObject(value)) checkMembers(schema, value, where, complain);
}

/** Of what a schema says nothing. */
const anything: Schema = {};

/** The first that its type fits, else the last, which complains. */
function variantFor(variants: readonly Schema[], value: unknown): Schema {
  for (const variant of variants) if (isOfType(value, variant.type)) return variant;
  return variants.at(-1) ?? anything;
}

function checkMembers(
  schema: Schema,
  value: Record<string, unknown>,
  where: Where | MemberPath,
  complain: Complain,
): void {
  const { properties, required, additionalProperties = anything, propertyNames, oneOf } = schema;
  const open = additionalProperties === anything && !propertyNames;
  if (open && !properties && !required && !oneOf) return;
  for (const name of Object.keys(value)) {
    const own = properties && Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    const at = { above: where, step: name };
    if (propertyNames?.not.enum.includes(name)) complain(at, propertyNames.errorMessage);
    if (!own)
      complain(at, `is not a known property; known properties: ${Object.keys(properties ?? {}).join(', ')}`);
    else if (own !== anything) check(own, value[name], at, complain);
  }
  if (required)
    for (const name of required)
      if (!value[name])
        complain({ above: where, step: name }, properties?.[name]?.errorMessage ?? 'is missing');
  if (oneOf && alternativesIn(oneOf, value) !== 1)
    complain(where, schema.errorMessage ?? 'must contain exactly one of its alternatives');
}

function alternativesIn(oneOf: NonNullable<Schema['oneOf']>, value: Record<string, unknown>): number {
  let found = 0;
  for (const { required } of oneOf) if (Object.hasOwn(value, required[0])) found++;
  return found;
}

// Nothing is made here: a test file of 200 cases has 5,000 values.
function fits(schema: Schema, value: unknown): boolean {
  if (schema.enum) return (schema.enum as readonly unknown[]).includes(value);
  if (!isOfType(value, schema.type)) return false;
  if (typeof value === 'string') {
    const { pattern, format } = schema;
    return (
      (pattern === undefined || compiled(pattern).test(value)) && (format !== 'uri' || URL.canParse(value))
    );
  }
  if (typeof value !== 'number') return true;
  const { minimum, exclusiveMinimum } = schema;
  return (
    (minimum === undefined || value >= minimum) &&
    (exclusiveMinimum === undefined || value > exclusiveMinimum)
  );
}

/** Of our own schemas: there are few. */
const patterns = new Map<string, RegExp>();
function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern);
  patterns.set(pattern, known);
  return known;
}

function isOfType(value: unknown, type: Schema['type']): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return type === undefined || typeof value === type;
  }
}

function wanted({ type, format, minimum, exclusiveMinimum, ...schema }: Schema): string {
  if (schema.enum) return schema.enum.join(' or ');
  if (minimum !== undefined || exclusiveMinimum !== undefined) return 'a number greater than 0';
  if (format === 'uri') return 'a URL';
  const names = {
    string: 'a string',
    boolean: 'true or false',
    number: 'a number',
    integer: 'a whole number',
    array: 'a list',
    object: 'an object',
  };
  return type === undefined ? 'something else' : names[type];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
