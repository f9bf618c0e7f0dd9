import { Lines, openLines } from '../screen/screen.js';
import { stateRows } from '../states/state-rows.js';
import type { Line } from '../states/styled-lines.js';
import { truncate } from '../text/width.js';
import { initialView, pressKey, type WatchView } from './keys.js';
import { screenLines, type Watched } from './screen-lines.js';

export interface WatchScreenProps {
  watched: Watched[];
  /** Epoch milliseconds. */
  now: number;
  columns: number;
  rows: number;
  color: boolean;
  /** Under the tree: what the keys do. */
  footer?: string;
  view?: WatchView;
}

/** One frame: all it shows is in its properties. */
export function WatchScreen(props: WatchScreenProps) {
  return <Lines lines={frameLines(props)} columns={props.columns} color={props.color} />;
}

/** What one frame shows, line by line. */
export function frameLines({
  watched,
  now,
  columns,
  rows,
  footer,
  view,
}: Omit<WatchScreenProps, 'color'> & { color?: boolean }): Line[] {
  const lines = screenLines(watched, now, columns, footer ? rows - 1 : rows, view);
  return footer ? [...lines, [{ text: truncate(footer, columns), dim: true }]] : lines;
}

export interface Screen {
  /** Draws what is there now; frames are limited to 10 a second. */
  draw(watched: Watched[]): void;
  /** Gives the terminal back, with the last frame left on it. */
  close(): Promise<void>;
}

/** Opens a screen for followed executions. `onQuit`: `q` or Ctrl-C was pressed. */
export function openScreen(options: {
  color: boolean;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  now: () => number;
  /** What the keys do. */
  footer: string;
  onQuit: () => void;
}): Screen {
  const { stdin, now, onQuit } = options;
  const keys = stdin.isTTY === true;
  let watched: Watched[] = [];
  let view = initialView;
  const onKey = (key: string): void => {
    if (key === 'q' || key === 'ctrl-c') {
      onQuit();
      return;
    }
    const rows = watched.flatMap(({ model, mapRuns }) => stateRows(model, mapRuns, now(), view.opened));
    view = pressKey(view, key, rows);
    screen.draw();
  };
  const screen = openLines({
    ...options,
    lines: (columns, rows) =>
      frameLines({ watched, now: now(), columns, rows, footer: keys ? options.footer : undefined, view }),
    ...(keys && { onKey }),
  });
  return {
    draw(next) {
      watched = next;
      screen.draw();
    },
    close: () => screen.close((columns, rows) => frameLines({ watched, now: now(), columns, rows })),
  };
}
