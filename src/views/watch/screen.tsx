import { Box, render, Text, useInput } from 'ink';
import { type Line, lineText } from '../states/segments.js';
import { stateRows } from '../states/state-rows.js';
import { truncate } from '../text/fit.js';
import { visible, visibleStyled } from '../text/safe-text.js';
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
export function frameLines({ watched, now, columns, rows, footer, view }: WatchScreenProps): Line[] {
  const lines = screenLines(watched, now, columns, footer ? rows - 1 : rows, view);
  return footer ? [...lines, [{ text: truncate(footer, columns), dim: true }]] : lines;
}

function Lines({ lines, columns, color }: { lines: Line[]; columns: number; color: boolean }) {
  return (
    <Box flexDirection="column" width={columns}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a screen line is its position
        <Text key={index} wrap="truncate">
          <Segments line={line} color={color} />
        </Text>
      ))}
    </Box>
  );
}

function Segments({ line, color }: { line: Line; color: boolean }) {
  return line.map(({ text, color: name, dim, bold }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a segment is its position
    <Text key={index} {...(color && { color: name, dimColor: dim, bold })}>
      {visible(text)}
    </Text>
  ));
}

/** Raw mode takes Ctrl-C for a key, so it is answered here too. */
function Keys({ onQuit, onKey }: { onQuit: () => void; onKey: (key: string) => void }) {
  useInput((input, key) => {
    const named = (['upArrow', 'downArrow', 'return', 'escape'] as const).find((name) => key[name]);
    if (key.ctrl && input === 'c') return onQuit();
    if (named) return onKey(named.replace('Arrow', ''));
    // Keys that follow each other quickly come together.
    for (const letter of input) {
      if (letter === 'q') return onQuit();
      onKey(letter === '\r' ? 'return' : letter);
    }
  });
  return null;
}

export interface Screen {
  /** Draws what is there now; frames are limited to 10 a second. */
  draw(watched: Watched[]): void;
  /** Gives the terminal back, with the last frame left on it. */
  close(): Promise<void>;
}

const alternateScreen = { enter: '\u001b[?1049h\u001b[H', leave: '\u001b[?1049l' };
const eraseAll = '\u001b[2J\u001b[H';

/**
 * Opens a screen of its own on the terminal (the alternate one: a resized window reflows what is on the
 * ordinary one beyond repair). `onQuit`: `q` or Ctrl-C was pressed.
 */
export function openScreen(options: {
  color: boolean;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  now: () => number;
  /** What the keys do. */
  footer: string;
  onQuit: () => void;
}): Screen {
  const { color, stdin, stdout, now, onQuit } = options;
  const keys = stdin.isTTY === true;
  let watched: Watched[] = [];
  let view = initialView;
  const onKey = (key: string): void => {
    const rows = watched.flatMap(({ model, mapRuns }) => stateRows(model, mapRuns, now()));
    view = pressKey(view, key, rows);
    redraw();
  };
  const size = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const propertiesNow = (): WatchScreenProps => {
    const { columns, rows } = size();
    // A frame as high as the terminal would scroll it.
    return {
      watched,
      now: now(),
      columns,
      rows: Math.max(4, rows - 1),
      color,
      footer: keys ? options.footer : undefined,
      view,
    };
  };
  let lines: Line[] = [];
  const frame = () => {
    const properties = propertiesNow();
    lines = frameLines(properties);
    return (
      <>
        <Lines lines={lines} columns={properties.columns} color={color} />
        {keys && <Keys onQuit={onQuit} onKey={onKey} />}
      </>
    );
  };
  const giveBack = (): void => void stdout.write(alternateScreen.leave);

  stdout.write(alternateScreen.enter);
  process.once('exit', giveBack);
  const ink = render(frame(), { stdin, stdout, exitOnCtrlC: false, patchConsole: false, maxFps: 10 });
  const redraw = (): void => ink.rerender(frame());
  const onResize = (): void => {
    // Ink goes up as many lines as it drew: it shall arrive at the top.
    stdout.write(eraseAll + '\n'.repeat(lines.length));
    redraw();
  };
  stdout.prependListener('resize', onResize);
  // Durations go on while nothing happens.
  const ticking = setInterval(redraw, 500);
  return {
    draw(next) {
      watched = next;
      redraw();
    },
    async close() {
      clearInterval(ticking);
      stdout.off('resize', onResize);
      ink.unmount();
      await ink.waitUntilExit();
      process.off('exit', giveBack);
      giveBack();
      for (const line of frameLines({ ...propertiesNow(), footer: undefined, view: initialView }))
        stdout.write(`${visibleStyled(lineText(line, color))}\n`);
    },
  };
}
