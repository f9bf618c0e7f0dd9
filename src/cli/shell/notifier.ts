import { runNotifyCommand } from '../../files/notify-command.js';
import { jsonText } from '../../json/written.js';
import { desktopSequence } from '../../views/text/desktop.js';
import { oneLine } from '../../views/text/safe-text.js';
import type { OptionSpec } from './command.js';
import type { Context } from './context.js';

/** How people are told of what happens while they look elsewhere. */
export const notifyOptions = [
  { flags: '--bell', description: "ring the terminal's bell" },
  { flags: '--desktop', description: 'notification of the desktop, where the terminal can (OSC 9, OSC 777)' },
  {
    flags: '--notify <command>',
    description: 'run this command, once for each event, with the event as JSON on its standard input',
  },
] as const satisfies OptionSpec[];

export interface NotifyOptions {
  bell?: boolean;
  desktop?: boolean;
  notify?: string;
}

export interface Notice {
  /** The same is told once. */
  key: string;
  title: string;
  body: string;
  /** Without any token. */
  document: object;
}

export interface Notifier {
  /** Tells nobody of this one, now or later. */
  known(key: string): void;
  tell(notice: Notice): void;
  /** All commands have ended. */
  done(): Promise<void>;
}

/** Commands run one after the other, in the order of the events. */
export function createNotifier(
  { alert, cwd, env, err }: Pick<Context, 'alert' | 'cwd' | 'env' | 'err'>,
  { bell = false, desktop = false, notify }: NotifyOptions,
): Notifier {
  const told = new Set<string>();
  let running: Promise<void> = Promise.resolve();
  return {
    known: (key) => void told.add(key),
    tell({ key, title, body, document }) {
      if (told.has(key)) return;
      told.add(key);
      if (bell) alert?.('\u0007');
      if (desktop) alert?.(desktopSequence(title, body, env));
      if (notify === undefined) return;
      running = running.then(async () => {
        const failure = await runNotifyCommand(notify, `${jsonText(document)}\n`, { cwd, env });
        if (failure !== undefined) err.notice(`--notify failed: ${oneLine(failure)}`);
      });
    },
    done: () => running,
  };
}
