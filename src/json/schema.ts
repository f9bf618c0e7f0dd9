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
  const variants = schema.anyOf;
  if (variants) {
    const variant = variants.find(({ type }) => isOfType(value, type)) ?? variants.at(-1);
    checkSchema(variant ?? {}, value, path, complain);
    return;
  }
  if (!fits(schema, value)) complain(path, schema.errorMessage ?? `must be ${wanted(schema)}`);
  if (Array.isArray(value)) {
    const { items } = schema;
    for (const [index, item] of value.entries())
      if (items) checkSchema(items, item, [...path, index], complain);
  } else if (isObject(value)) checkMembers(schema, value, path, complain);
}

function checkMembers(
  { properties = {}, required = [], additionalProperties, propertyNames, oneOf, errorMessage }: Schema,
  value: Record<string, unknown>,
  path: MemberPath,
  complain: (path: MemberPath, message: string) => never,
): void {
  for (const [name, member] of Object.entries(value)) {
    const at = [...path, name];
    if (propertyNames?.not.enum.includes(name)) complain(at, propertyNames.errorMessage);
    // What says nothing of further members takes any.
    const schema = Object.hasOwn(properties, name) ? properties[name] : (additionalProperties ?? {});
    if (!schema)
      complain(at, `is not a known property; known properties: ${Object.keys(properties).join(', ')}`);
    else checkSchema(schema, member, at, complain);
  }
  for (const name of required)
    if (!value[name]) complain([...path, name], properties[name]?.errorMessage ?? 'is missing');
  if (oneOf && oneOf.filter(({ required: [name] }) => Object.hasOwn(value, name)).length !== 1)
    complain(path, errorMessage ?? 'must contain exactly one of its alternatives');
}

function fits(
  { type, pattern, format, minimum, exclusiveMinimum, ...schema }: Schema,
  value: unknown,
): boolean {
  if (schema.enum) return schema.enum.some((one) => one === value);
  if (!isOfType(value, type)) return false;
  if (typeof value === 'string')
    return (
      (pattern === undefined || new RegExp(pattern).test(value)) && (format !== 'uri' || URL.canParse(value))
    );
  if (typeof value !== 'number') return true;
  return (
    (minimum === undefined || value >= minimum) &&
    (exclusiveMinimum === undefined || value > exclusiveMinimum)
  );
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
