import { Box, type Instance, type Key, render, Text, useInput } from 'ink';
import { type Line, lineText } from '../states/styled-lines.js';
import { visible, visibleStyled } from '../text/safe-text.js';
import { controlJob } from './job-control.js';

/** Lines, one below the other. */
export function Lines({ lines, columns, color }: { lines: Line[]; columns: number; color: boolean }) {
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
  // A line without text would have no height.
  if (line.every(({ text }) => text === '')) return ' ';
  return line.map(({ text, color: name, dim, bold }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a segment is its position
    <Text key={index} {...(color && { color: name, dimColor: dim, bold })}>
      {visible(text)}
    </Text>
  ));
}

const named = {
  upArrow: 'up',
  downArrow: 'down',
  leftArrow: 'left',
  rightArrow: 'right',
  pageUp: 'pageup',
  pageDown: 'pagedown',
  home: 'home',
  end: 'end',
  return: 'return',
  escape: 'escape',
  backspace: 'backspace',
  // What most terminals send for the backspace key.
  delete: 'backspace',
} as const satisfies Partial<Record<keyof Key, string>>;

/** Raw mode takes Ctrl-C and Ctrl-Z for keys, so they are given as such. */
function Keys({ onKey, onSuspend }: { onKey: (key: string) => void; onSuspend: () => void }) {
  useInput((input, key) => {
    if (key.ctrl && input === 'c') return onKey('ctrl-c');
    if (key.ctrl && input === 'z') return onSuspend();
    if (key.tab) return onKey(key.shift ? 'shift-tab' : 'tab');
    const name = (Object.keys(named) as (keyof typeof named)[]).find((one) => key[one]);
    if (name) return onKey(named[name]);
    if (key.ctrl || key.meta) return;
    // Keys that follow each other quickly come together.
    for (const letter of input)
      onKey(letter === '\r' ? 'return' : letter === '\u007f' ? 'backspace' : letter);
  });
  return null;
}

export interface LinesScreen {
  /** Draws what there is now; frames are limited to 10 a second. */
  draw(): void;
  /** Gives the terminal back, with `last` left on it. */
  close(last: (columns: number, rows: number) => Line[]): Promise<void>;
}

const alternateScreen = { enter: '\u001b[?1049h\u001b[H', leave: '\u001b[?1049l' };
const cursorShown = '\u001b[?25h';
const eraseAll = '\u001b[2J\u001b[H';

/**
 * Opens a screen of its own on the terminal (the alternate one: a resized window reflows what is on the
 * ordinary one beyond repair), and gives each key that is pressed.
 */
export function openLines(options: {
  color: boolean;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  lines(columns: number, rows: number): Line[];
  /** Absent where nobody presses any. */
  onKey?: (key: string) => void;
}): LinesScreen {
  const { color, stdin, stdout, onKey } = options;
  // A frame as high as the terminal would scroll it.
  const size = () => ({ columns: stdout.columns || 80, rows: Math.max(4, (stdout.rows || 24) - 1) });
  let drawn: Line[] = [];
  const linesNow = (): Line[] => {
    const { columns, rows } = size();
    return options.lines(columns, rows);
  };
  const frame = (lines: Line[]) => {
    const { columns } = size();
    drawn = lines;
    return (
      <>
        <Lines lines={lines} columns={columns} color={color} />
        {onKey && <Keys onKey={onKey} onSuspend={job.suspend} />}
      </>
    );
  };
  const giveBack = (): void => void stdout.write(alternateScreen.leave);
  let ink: Instance | undefined;
  let ticking: NodeJS.Timeout | undefined;
  const draw = (): void => {
    const lines = linesNow();
    // Ink lays out all of a frame before it finds that nothing of it is new.
    if (JSON.stringify(lines) !== JSON.stringify(drawn)) ink?.rerender(frame(lines));
  };
  const onResize = (): void => {
    // Ink goes up as many lines as it drew: it shall arrive at the top.
    stdout.write(eraseAll + '\n'.repeat(drawn.length));
    ink?.rerender(frame(linesNow()));
  };
  const enter = (): void => {
    if (ink) return;
    stdout.write(alternateScreen.enter);
    process.once('exit', giveBack);
    ink = render(frame(linesNow()), { stdin, stdout, exitOnCtrlC: false, patchConsole: false, maxFps: 10 });
    stdout.prependListener('resize', onResize);
    // Durations go on while nothing happens.
    ticking = setInterval(draw, 500);
  };
  const leave = async (): Promise<void> => {
    const shown = ink;
    if (!shown) return;
    ink = undefined;
    clearInterval(ticking);
    stdout.off('resize', onResize);
    shown.unmount();
    await shown.waitUntilExit();
    process.off('exit', giveBack);
    giveBack();
  };
  const abandon = (): void => {
    try {
      stdout.write(cursorShown + alternateScreen.leave);
      stdin.setRawMode?.(false);
    } catch {
      // It is gone.
    }
  };
  const job = controlJob({ leave, enter, abandon });
  enter();
  return {
    draw,
    async close(last) {
      job.release();
      await leave();
      const { columns, rows } = size();
      for (const line of last(columns, rows)) stdout.write(`${visibleStyled(lineText(line, color))}\n`);
    },
  };
}
