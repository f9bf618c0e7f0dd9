import type { FlowError } from '../../errors.js';

/** A failed one among several, as `-o json` has it. */
export const failureDocument = (executionArn: string, { code, message }: FlowError) => ({
  executionArn,
  error: { code, message },
});

/** `stop -o json`, one entry. */
export const stoppedDocument = (executionArn: string, { stopDate }: { stopDate: Date }) => ({
  executionArn,
  status: 'ABORTED',
  stopDate: stopDate.toISOString(),
});

/** `redrive -o json`, one entry. */
export const redrivenDocument = (executionArn: string, { redriveDate }: { redriveDate: Date }) => ({
  executionArn,
  redriveDate: redriveDate.toISOString(),
});

/** `import-csv: a, b, c and 7 more`: what a question names. */
export function namesOf(executionArns: readonly string[]): string {
  const names = executionArns.map((arn) => arn.split(':').slice(6, 8).join(':'));
  const more = names.length - 5;
  return `${names.slice(0, 5).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
