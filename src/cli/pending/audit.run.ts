import { exitCodes } from '../../errors.js';
import { latestAnswers } from '../../operations/answer/latest-answers.js';
import { auditDocument, auditLines } from '../../views/answer/audit.js';
import type { Run } from '../shell/command.js';
import type { declaration } from './audit.js';

export const run: Run<typeof declaration> = async (context, _args, { requestId, since, limit }) => {
  const wanted = { requestId, since: since?.(context.clock.now()), limit };
  const answers = await latestAnswers(context.audit, wanted);
  context.out.list('answers', answers.map(auditDocument), auditLines(answers, context.terminal));
  if (answers.length === 0) context.err.notice('No answer was given from this machine.');
  return exitCodes.ok;
};
