import type { FlowError } from '../../errors.js';

/** Why tables can't be read, and what follows of it: in an app whose DynamoDB is not running, the most common reason. */
export function whyNoTables({ code, message, where = '' }: FlowError): string {
  const endpoint = /https?:\S+$/.exec(where)?.[0];
  return code === 'Unreachable' && endpoint !== undefined
    ? `nothing answers at ${endpoint}, so the app's tables are neither read nor written`
    : message;
}
