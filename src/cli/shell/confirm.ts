import { createInterface } from 'node:readline';
import { exitCodes, FlowError } from '../../errors.js';
import { interrupted } from './interruption.js';

/** How a person is asked: on the terminal, or by whatever draws the screen. */
export interface Asker {
  /** Before the question. */
  tell(line: string): void;
  /** Undefined: left without an answer. `yesOrNo`: else a text is wanted. */
  question(text: string, yesOrNo: boolean): Promise<string | undefined>;
}

interface Asking extends Asker {
  /** Target, account, region and what will change. */
  what: string;
  targetName: string;
  protected: boolean;
  /** The change is one that also asks on unprotected targets. */
  ask: boolean;
  /** Several executions or paused steps, that a filter or a list chose. */
  several?: boolean;
  /** The target is on this machine: a mistake there harms nobody. */
  loopback?: boolean;
  yes: boolean;
  /** A person can be asked: a TTY on both ends, text output. */
  interactive: boolean;
  /** Nothing is begun any more once it has fired. */
  signal: AbortSignal;
}

/**
 * Says what is about to change and asks where the contract says so: y/N, or the target's name when it is protected.
 * @throws FlowError 2 where nobody can be asked and --yes is missing, on a protected target or (but on this machine) for
 * several at once; 130 when declined, 130 or 143 when a signal came before the change
 */
export async function confirmChange(asking: Asking): Promise<void> {
  refuseLeft(asking);
  asking.tell(asking.what);
  if (asking.yes) return;
  if (!asking.interactive) {
    const several = asking.several === true && asking.loopback !== true;
    if (!asking.protected && !several) return;
    throw new FlowError(
      exitCodes.usage,
      'ConfirmationNeeded',
      asking.protected
        ? `the target ${asking.targetName} is protected`
        : `this changes more than one thing on ${asking.targetName} and needs confirmation`,
      { where: asking.what, hint: 'run the same command with --yes' },
    );
  }
  if (!asking.protected && !asking.ask) return;
  const answer = await asking.question(
    asking.protected ? `Type the target name (${asking.targetName}) to confirm: ` : 'Continue? [y/N] ',
    !asking.protected,
  );
  refuseLeft(asking);
  const agreed = asking.protected
    ? answer?.trim() === asking.targetName
    : /^y(es)?$/i.test(answer?.trim() ?? '');
  if (!agreed) throw new FlowError(exitCodes.interrupted, 'Declined', 'Nothing was changed');
}

function refuseLeft({ signal }: Asking): void {
  if (signal.aborted) throw interrupted({ signal }, 'Nothing was changed');
}

/** One question and its answer; undefined when it was left by Ctrl-C, Ctrl-D or a signal. */
export async function askOnTerminal(
  text: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<string | undefined> {
  const lines = createInterface({ input, output });
  try {
    return await new Promise((resolve) => {
      lines.once('close', () => {
        output.write('\n');
        resolve(undefined);
      });
      lines.question(text, { signal }, resolve);
      signal.addEventListener('abort', () => lines.close());
    });
  } finally {
    lines.removeAllListeners('close');
    lines.close();
  }
}
