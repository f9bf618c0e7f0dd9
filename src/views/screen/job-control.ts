/** What a screen does when its process is stopped and continued. */
export interface Stoppable {
  /** Gives the terminal back. */
  leave(): Promise<void>;
  /** Takes the terminal, and draws all of it. */
  enter(): void;
  /** Gives the terminal back at once, as far as there still is one. */
  abandon(): void;
}

export interface JobControl {
  /** Ctrl-Z was pressed: raw mode makes a key of it. */
  suspend(): Promise<void>;
  release(): void;
}

/** A shell can stop the process and bring it back (Ctrl-Z, `kill -TSTP`, `fg`), and its terminal can go away. */
export function controlJob({ leave, enter, abandon }: Stoppable): JobControl {
  // Windows has none of these signals.
  if (process.platform === 'win32') return { suspend: async () => {}, release() {} };
  let away = false;
  let released = false;
  const back = (): void => {
    away = false;
    enter();
  };
  /** @param pid whom the signal goes to; 0: whoever was started with it (`npx`), as the terminal does it */
  const aside = async (pid?: number): Promise<void> => {
    if (away) return;
    away = true;
    await leave();
    if (released) return;
    if (pid !== undefined) {
      process.off('SIGTSTP', stopped);
      // It returns when the process is continued; at once where no shell could continue it.
      process.kill(pid, 'SIGTSTP');
      process.on('SIGTSTP', stopped);
    }
    // Nobody told it of a window that was resized meanwhile: now its size is read.
    process.once('SIGWINCH', back);
    process.kill(process.pid, 'SIGWINCH');
  };
  const stopped = (): void => void aside(process.pid);
  // After SIGSTOP, which nobody can prepare for, the terminal is as the shell wants it.
  const continued = (): void => void aside();
  // Where the terminal is gone, nothing more can be written, and Node.js can't even exit.
  const hungUp = (): void => {
    abandon();
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  };
  process.on('SIGTSTP', stopped).on('SIGCONT', continued).on('SIGHUP', hungUp);
  return {
    suspend: () => aside(0),
    release() {
      released = true;
      process.off('SIGTSTP', stopped).off('SIGCONT', continued).off('SIGHUP', hungUp).off('SIGWINCH', back);
    },
  };
}
