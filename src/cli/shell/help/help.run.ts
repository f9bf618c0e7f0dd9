import { exitCodes } from '../../../errors.js';
import type { CommandGroup, Run } from '../command.js';
import type { helpDeclaration } from './help.js';
import { helpText } from './page.js';

export const help =
  (groups: readonly CommandGroup[]): Run<typeof helpDeclaration> =>
  async (context, [words]) => {
    const help = helpText(words, groups, Math.min(context.terminal.columns, 100)).replace(/\n$/, '');
    context.out.document({ help }, [help]);
    return exitCodes.ok;
  };
