import { Box, render, Text, useInput } from 'ink';
import { screenLines, type Watched } from './screen-lines.js';
import type { Line } from './segments.js';

export interface WatchScreenProps {
  watched: Watched[];
  /** Epoch milliseconds. */
  now: number;
  columns: number;
  rows: number;
  color: boolean;
  /** Under the tree: what the keys do. */
  footer?: string;
}

/** One frame: all it shows is in its properties. */
export function WatchScreen({ watched, now, columns, rows, color, footer }: WatchScreenProps) {
  const lines = screenLines(watched, now, columns, footer ? rows - 1 : rows);
  if (footer) lines.push([{ text: footer, dim: true }]);
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
      {text}
    </Text>
  ));
}

/** The screen with its keys. Raw mode takes Ctrl-C for a key, so it is answered here too. */
function Watching({ onQuit, keys, ...screen }: WatchScreenProps & { onQuit: () => void; keys: boolean }) {
  useInput(
    (input, key) => {
      if (input === 'q' || (key.ctrl && input === 'c')) onQuit();
    },
    { isActive: keys },
  );
  return <WatchScreen {...screen} footer={keys ? screen.footer : undefined} />;
}

export interface Screen {
  /** Draws what is there now; frames are limited to 10 a second. */
  draw(watched: Watched[], footer?: string): void;
  /** Leaves the last frame on the terminal. */
  close(): Promise<void>;
}

/** Opens the screen on the process's terminal. `onQuit`: `q` or Ctrl-C was pressed. */
export function openScreen(options: {
  color: boolean;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  now: () => number;
  onQuit: () => void;
}): Screen {
  const { color, stdin, stdout, now, onQuit } = options;
  let shown: { watched: Watched[]; footer?: string } = { watched: [] };
  const keys = stdin.isTTY === true;
  const frame = () => (
    <Watching
      {...shown}
      now={now()}
      columns={stdout.columns ?? 80}
      // A frame as high as the terminal would scroll it.
      rows={Math.max(5, (stdout.rows ?? 24) - 1)}
      color={color}
      keys={keys}
      onQuit={onQuit}
    />
  );
  const ink = render(frame(), { stdin, stdout, exitOnCtrlC: false, patchConsole: false, maxFps: 10 });
  const redraw = (): void => ink.rerender(frame());
  // Durations go on while nothing happens.
  const ticking = setInterval(redraw, 500);
  stdout.on('resize', redraw);
  return {
    draw(watched, footer) {
      shown = { watched, footer };
      redraw();
    },
    async close() {
      clearInterval(ticking);
      stdout.off('resize', redraw);
      redraw();
      ink.unmount();
      await ink.waitUntilExit();
    },
  };
}
