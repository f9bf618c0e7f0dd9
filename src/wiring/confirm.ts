import { type Asker, askOnTerminal, confirmChange } from '../cli/shell/confirm.js';
import type { Context } from '../cli/shell/context.js';
import { visible } from '../views/text/safe-text.js';
import type { CommandRun } from './command-run.js';

/** Asks before something is changed in a place. @throws FlowError 2, 130 or 143 where it may not be */
export type Confirm = (
  where: { name: string; protected: boolean; loopback: boolean },
  what: string,
  options: { ask: boolean; several: boolean },
) => Promise<void>;

/** How a command asks its user: on the terminal, or through whatever draws the screen meanwhile. */
export function createAsking({ world, flags, terminal, err, signal }: CommandRun): Pick<
  Context,
  'askThrough'
> & {
  confirm: Confirm;
} {
  let asker: Asker | undefined;
  const onTerminal: Asker = {
    tell: err.notice,
    question: (text) => askOnTerminal(visible(text), world.stdin, world.stderr, signal),
  };
  const answers = terminal.stdinIsTTY && terminal.stderrIsTTY && flags.output === 'text';
  return {
    confirm: (where, what, { ask, several }) =>
      confirmChange({
        ...(asker ?? onTerminal),
        what,
        targetName: where.name,
        protected: where.protected,
        loopback: where.loopback,
        ask,
        several,
        yes: flags.yes,
        signal,
        interactive: asker !== undefined || answers,
      }),
    askThrough(given) {
      asker = given;
      return () => {
        asker = undefined;
      };
    },
  };
}
