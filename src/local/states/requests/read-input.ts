import { isObject, type Json } from '../../../json/json.js';
import { AwsError } from '../../ports.js';
import type { Shape, StructureShape, Value } from './shapes.js';

/**
 * Reads a request: `null` is absent, unknown members are dropped.
 * @throws AwsError SerializationException where a value has the wrong type, else ValidationException with all the
 *   limits that it exceeds, both as AWS words them.
 */
export function readInput<S extends StructureShape>(shape: S, input: Json): Value<S> {
  const complaints: string[] = [];
  const value = read(shape, input, '', complaints);
  if (complaints.length > 0) throw violations(complaints);
  return value as Value<S>;
}

const violations = (complaints: string[]): AwsError =>
  new AwsError(
    'ValidationException',
    `${complaints.length} validation error${complaints.length > 1 ? 's' : ''} detected: ${complaints.join('; ')}`,
  );

function read(shape: Shape, value: Json, path: string, complaints: string[]): Json {
  const complain = (constraint: string): void => {
    const sensitive = shape.kind === 'string' && shape.sensitive;
    const shown = sensitive ? 'Value' : `Value '${render(shape, value)}'`;
    complaints.push(`${shown} at '${path}' failed to satisfy constraint: Member must ${constraint}`);
  };
  const within = (size: number, what: 'length' | 'value'): void => {
    const { min, max } = shape as { min?: number; max?: number };
    if (min !== undefined && size < min) complain(`have ${what} greater than or equal to ${min}`);
    if (max !== undefined && size > max) complain(`have ${what} less than or equal to ${max}`);
  };
  switch (shape.kind) {
    case 'string':
      if (typeof value !== 'string') throw unreadable(value, 'a String');
      if (shape.values && !shape.values.includes(value))
        complain(`satisfy enum value set: [${shape.values.join(', ')}]`);
      // Data is limited in bytes, names in characters.
      within(shape.sensitive ? Buffer.byteLength(value) : [...value].length, 'length');
      if (shape.pattern && !new RegExp(`^(?:${shape.pattern})$`, 'u').test(value))
        complain(`satisfy regular expression pattern: ${shape.pattern}`);
      return value;
    case 'integer':
    case 'float':
      if (typeof value !== 'number')
        throw unreadable(value, shape.kind === 'integer' ? 'an Integer' : 'a Float');
      if (shape.kind === 'integer' && !Number.isSafeInteger(value)) throw unreadable(value, 'an Integer');
      within(value, 'value');
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw unreadable(value, 'a Boolean');
      return value;
    case 'list':
      if (!Array.isArray(value)) throw unreadable(value, 'a List');
      within(value.length, 'length');
      return value.map((member, index) =>
        read(shape.member, member, `${path}.${index + 1}.member`, complaints),
      );
    case 'structure':
      return readMembers(shape, value, path, complaints);
  }
}

function readMembers(shape: StructureShape, value: Json, path: string, complaints: string[]): Json {
  if (!isObject(value)) throw unreadable(value, 'a Structure');
  const at = (member: string): string => (path === '' ? member : `${path}.${member}`);
  const members: Record<string, Json> = {};
  for (const [member, memberShape] of Object.entries(shape.members)) {
    const given = Object.hasOwn(value, member) ? value[member] : undefined;
    if (given !== undefined && given !== null) {
      members[member] = read(memberShape, given, at(member), complaints);
    } else if (shape.required.includes(member)) {
      const sensitive = memberShape.kind === 'string' && memberShape.sensitive;
      const shown = sensitive ? 'Value' : 'Value null';
      complaints.push(`${shown} at '${at(member)}' failed to satisfy constraint: Member must not be null`);
    }
  }
  return members;
}

/** A value as Java prints it. */
function render(shape: Shape, value: Json): string {
  if (shape.kind === 'list' && Array.isArray(value))
    return `[${value.map((member) => render(shape.member, member)).join(', ')}]`;
  if (shape.kind === 'structure' && isObject(value)) {
    const members = Object.entries(shape.members as Record<string, Shape>)
      .filter(([member]) => Object.hasOwn(value, member))
      .map(([member, memberShape]) => `${member}=${render(memberShape, value[member] ?? null)}`);
    return `${shape.name}(${members.join(', ')})`;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function unreadable(value: Json, wanted: string): AwsError {
  if (isObject(value))
    return new AwsError('SerializationException', 'Start of structure or map found where not expected.');
  if (Array.isArray(value))
    return new AwsError('SerializationException', 'Start of list found where not expected');
  const found =
    value === null ? 'NULL_VALUE' : `${value === true || value === false ? value : typeof value}_VALUE`;
  return new AwsError('SerializationException', `${found.toUpperCase()} can not be converted to ${wanted}`);
}
