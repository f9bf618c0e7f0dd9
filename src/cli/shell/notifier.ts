import { runNotifyCommand } from '../../files/notify-command.js';
import { jsonText } from '../../json/lossless.js';
import { desktopSequence } from '../../views/text/desktop-notification.js';
import { oneLine } from '../../views/text/safe-text.js';
import type { Context } from './context.js';

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
