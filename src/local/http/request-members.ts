import type { JsonObject } from '../../json/json.js';
import { AwsError } from '../ports.js';

/** Reading the members of a request, with AWS's own complaints about them. */

export const validationError = (what: string): AwsError =>
  new AwsError('ValidationException', `1 validation error detected: ${what}`);

export function optionalString(input: JsonObject, member: string): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw serialization(member, 'a string');
  return value;
}

export function requiredString(input: JsonObject, member: string): string {
  const value = optionalString(input, member);
  if (value === undefined) {
    throw validationError(`Value null at '${member}' failed to satisfy constraint: Member must not be null`);
  }
  return value;
}

export function optionalBoolean(input: JsonObject, member: string): boolean | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw serialization(member, 'a boolean');
  return value;
}

export function oneOf<T extends string>(
  input: JsonObject,
  member: string,
  values: readonly T[],
): T | undefined {
  const value = optionalString(input, member);
  if (value === undefined || (values as readonly string[]).includes(value)) return value as T | undefined;
  throw validationError(
    `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`,
  );
}

/** Where the next page begins, as an opaque token; the request's kind in it keeps tokens from being mixed up. */
export const encodePageToken = (kind: string, position: string | number): string =>
  Buffer.from(JSON.stringify([kind, position])).toString('base64');

export function pagePosition(input: JsonObject, kind: string): string | number | undefined {
  const token = optionalString(input, 'nextToken');
  if (token === undefined) return undefined;
  try {
    const [found, position] = JSON.parse(Buffer.from(token, 'base64').toString('utf8')) as [
      string,
      string | number,
    ];
    if (found === kind && (typeof position === 'string' || typeof position === 'number')) return position;
  } catch {
    // Falls through: whatever is wrong with it, the answer is the same.
  }
  throw new AwsError('InvalidToken', `Invalid Token: 'Invalid token'`);
}

export function serialization(member: string, wanted: string): AwsError {
  return new AwsError('SerializationException', `'${member}' must be ${wanted}`);
}
