import type { JsonObject } from '../../asl/json.js';
import { serialization, validationError } from '../http/members.js';

export * from '../http/members.js';

/** `maxResults`: 0 and absent mean 100, 1000 is the most. */
export function pageSize(input: JsonObject): number {
  const value = input.maxResults;
  if (value === undefined || value === null || value === 0) return 100;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw serialization('maxResults', 'an integer');
  if (value > 1000) {
    throw validationError(
      `Value '${value}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000`,
    );
  }
  if (value < 0) {
    throw validationError(
      `Value '${value}' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 0`,
    );
  }
  return value;
}
