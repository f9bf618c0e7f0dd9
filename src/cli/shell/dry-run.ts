import { type ExitCode, exitCodes } from '../../errors.js';
import type { Context } from './context.js';
import type { Target } from './target.js';

/** What --dry-run says of a change instead of making it. */
export async function wouldChange(
  context: Context,
  target: Target,
  change: string,
  document: object,
): Promise<ExitCode> {
  context.out.document({ dryRun: true, ...document });
  context.out.line(`Would ${change} on ${await target.describe()}; nothing was changed`);
  return exitCodes.ok;
}
