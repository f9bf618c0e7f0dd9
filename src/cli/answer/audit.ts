import { exitCodes } from '../../errors.js';
import type { AuditLine } from '../../ports/audit-log.js';
import type { Command } from '../shell/command.js';
import { countOf, sinceOf } from '../shell/flag-values.js';
import { textOption } from './options.js';

export const audit: Command = {
  name: 'audit',
  summary: 'The answers that were given from this machine: who, when, what, with which outcome',
  description:
    'Reads the local file that every answer leaves a line in. It holds a hash of each answer, never the answer, never a token.',
  options: [
    { flags: '--request-id <id>', description: 'only of this request' },
    { flags: '--since <time>', description: 'since: 30m, 2h, 7d ago, or a date (2026-01-31T09:00)' },
    { flags: '--limit <number>', description: 'at most so many', default: '50' },
  ],
  examples: [
    { line: 'mbc-flow audit --since 1d', what: 'since yesterday' },
    { line: 'mbc-flow audit --request-id r-1 -o json', what: 'all that was said to one request' },
  ],
  async run(context, _args, options) {
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
    const { auditDocument, auditLines } = await import('../../views/answer/audit.js');
    const documents = newest.map(auditDocument);
    if (context.output === 'ndjson') for (const document of documents) context.out.json(document);
    else context.out.json({ answers: documents });
    if (context.output === 'text')
      for (const line of auditLines(newest, context.terminal)) context.out.line(line);
    if (newest.length === 0) context.err.notice('No answer was given from this machine.');
    return exitCodes.ok;
  },
};
