import { createLogLines } from '../../views/execution/log-lines.js';
import { keysHelp } from '../../views/watch/keys.js';
import { LOG_LINES, type Watched } from '../../views/watch/screen-lines.js';
import { executionParts } from '../../workflow/names/arn.js';
import type { Context, ScreenStreams } from '../shell/context.js';
import type { Followed, Progress } from './followed.js';

/** Ink and React are loaded on a terminal only: they cost more than all the rest. */
export async function openScreenProgress(
  { terminal, waits }: Context,
  streams: ScreenStreams,
  followed: Followed[],
  onQuit: () => void,
  now: () => number,
): Promise<Progress> {
  const { openScreen } = await import('../../views/watch/screen.js');
  const screen = openScreen({ ...streams, color: terminal.color, now, footer: keysHelp, onQuit });
  const draw = (): void => screen.draw(followed.flatMap(watchedOf));
  const noted = (one: Followed, ...lines: string[]): void => {
    if (lines.length === 0) return;
    one.log = [...(one.log ?? []), ...lines].slice(-LOG_LINES);
    draw();
  };
  const logLines = createLogLines({
    ...terminal,
    stdoutIsTTY: false,
    color: false,
    several: followed.length > 1,
  });
  const back = waits.through((text) => followed[0] && noted(followed[0], text));
  return {
    ticks: true,
    update: draw,
    logged: (one, documents) => noted(one, ...documents.flatMap(logLines)),
    noted,
    async close() {
      back();
      await screen.close();
    },
  };
}

/** As the screen shows it, once something is known of it. */
function watchedOf({ executionArn, model, mapRuns, log }: Followed): Watched[] {
  const { name = executionArn, stateMachineArn } = executionParts(executionArn);
  return model ? [{ name, machineName: stateMachineArn?.split(':').at(-1), model, mapRuns, log }] : [];
}
