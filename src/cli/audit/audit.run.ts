import { exitCodes } from '../../errors.js';
import { latestAnswers } from '../../operations/audit/latest-answers.js';
import { latestChanges } from '../../operations/audit/latest-changes.js';
import { auditDocument, auditLines } from '../../views/audit/audit.js';
import type { Run } from '../shell/command.js';
import type { declaration } from './audit.js';

export const run: Run<typeof declaration> = async (context, _args, { requestId, since, limit, here }) => {
  const wanted = { requestId, since: since?.(context.clock.now()), limit };
  const trail = here ? undefined : await context.auditTrail();
  const answers = trail
    ? await latestChanges(trail, wanted)
    : (await latestAnswers(context.audit, wanted)).map(auditDocument);
  context.out.list('answers', answers, auditLines(answers, context.terminal));
  if (answers.length === 0)
    context.err.notice(
      trail
        ? `Nothing was found in ${trail.place}.`
        : 'No answer was given from this machine; other changes are recorded where the target has "audit" in mbc-flow.json.',
    );
  return exitCodes.ok;
};
