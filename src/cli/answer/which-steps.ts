import { text } from 'node:stream/consumers';
import { exitCodes, FlowError } from '../../errors.js';
import type { Meant } from '../../operations/answer/find-steps.js';
import { TaskToken } from '../../workflow/answer/task-token.js';
import type { Context } from '../shell/context.js';
import type { AnswerOptions } from './options.js';
import { readIds } from './read-answer.js';

/** A token of which nothing else is known. */
export interface Unseen {
  kind: 'unseen';
  token: TaskToken;
}

/** What the command line names. @throws FlowError 2 where that is nothing, or too much */
export async function whatIsMeant(
  context: Context,
  references: string[],
  options: AnswerOptions,
): Promise<Meant | Unseen> {
  const { from, all, tokenStdin, execution } = options;
  const ways = [references.length > 0, from !== undefined, all, tokenStdin].filter(Boolean).length;
  if (ways > 1) throw badUsage('request ids, --from, --all and --token-stdin exclude each other');
  if (tokenStdin) return await tokenMeant(context, options);
  if (from !== undefined) {
    const requestIds = await readIds(context, from);
    if (requestIds.length === 0) throw badUsage('there is no request id in it', from);
    return { kind: 'requests', requestIds };
  }
  if (all) {
    if ([options.match, options.machine, options.state, execution].every((one) => one === undefined))
      throw badUsage('--all needs something that narrows it: --match, --machine, --state or --execution');
    return { kind: 'all' };
  }
  const [reference] = references;
  if (references.length > 1) return { kind: 'requests', requestIds: [...new Set(references)] };
  if (reference !== undefined) return { kind: 'reference', reference };
  if (execution !== undefined) return { kind: 'execution', execution };
  throw badUsage('name a request id, --from a file of them, or an --execution');
}

const badUsage = (message: string, where?: string): FlowError =>
  new FlowError(exitCodes.usage, 'BadUsage', message, { where, hint: 'mbc-flow pending' });

async function tokenMeant(context: Context, { execution, force }: AnswerOptions): Promise<Meant | Unseen> {
  const token = await readToken(context);
  if (execution !== undefined) return { kind: 'execution', execution, token };
  if (force) return { kind: 'unseen', token };
  throw new FlowError(
    exitCodes.usage,
    'UncheckedToken',
    'a token alone says nothing of the step that it answers',
    {
      where: '--token-stdin',
      hint: 'with --execution it is checked and its effect proven; --force sends it unseen',
    },
  );
}

/** The one that stdin has; it never stands on a command line. @throws FlowError 2 when there is none */
async function readToken(context: Context): Promise<TaskToken> {
  const token = (await text(context.stdin)).trim();
  if (token !== '') return new TaskToken(token);
  throw new FlowError(exitCodes.usage, 'NoToken', 'stdin has no task token', {
    where: '--token-stdin',
    hint: 'mbc-flow resume --token-stdin --execution @last < token.txt',
  });
}
