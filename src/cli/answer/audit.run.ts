import { exitCodes } from '../../errors.js';
import type { AuditLine } from '../../ports/audit-log.js';
import { auditDocument, auditLines } from '../../views/answer/audit.js';
import type { Run } from '../shell/command.js';
import { countOf, sinceOf } from '../shell/flag-values.js';
import type { declaration } from './audit.js';
import { textOption } from './read-answer.js';

export const run: Run<typeof declaration> = async (context, _args, options) => {
  const requestId = textOption(options.requestId);
  const since = sinceOf(options.since, context.clock.now());
  const limit = countOf(options.limit, '--limit');
  // The last line of an answer says how it ended; its place is where it was sent.
  const answers = new Map<string, AuditLine>();
  for await (const line of context.audit.read()) {
    if (requestId !== undefined && line.requestId !== requestId) continue;
    if (Date.parse(line.time) >= (since ?? Number.NEGATIVE_INFINITY)) answers.set(line.id, line);
  }
  const newest = [...answers.values()].slice(-limit).reverse();
  const documents = newest.map(auditDocument);
  if (context.output === 'ndjson') for (const document of documents) context.out.json(document);
  else context.out.json({ answers: documents });
  if (context.output === 'text')
    for (const line of auditLines(newest, context.terminal)) context.out.line(line);
  if (newest.length === 0) context.err.notice('No answer was given from this machine.');
  return exitCodes.ok;
};
