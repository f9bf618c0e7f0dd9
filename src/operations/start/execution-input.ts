import { exitCodes, FlowError } from '../../errors.js';
import type { Json } from '../../json/json.js';
import { jsonText, parseOwn } from '../../json/lossless.js';
import type { ExecutionDescription } from '../../ports/aws.js';

/** What an execution was started with, JSON text. @throws FlowError 4 where it may not be read */
export function inputOfExecution({ input, executionArn }: ExecutionDescription): string {
  if (input !== undefined) return input;
  throw new FlowError(
    exitCodes.denied,
    'InputNotReadable',
    'no permission to read the input of the execution',
    {
      where: executionArn,
      hint: 'allow kms:Decrypt on the KMS key of the state machine',
    },
  );
}

/** The input of an execution over items. */
export const inputOfItems = (items: readonly string[], member: string | undefined): string =>
  member === undefined ? `[${items.join(',')}]` : `{${JSON.stringify(member)}:[${items.join(',')}]}`;

/** The items that an execution was given, as JSON texts. @throws FlowError 4 where its input may not be read */
export function itemsOfExecution(description: ExecutionDescription, member: string | undefined): string[] {
  const value = parseOwn(inputOfExecution(description));
  const items = member === undefined ? value : (value as { [name: string]: Json })[member];
  return Array.isArray(items) ? items.map((item) => jsonText(item)) : [];
}
