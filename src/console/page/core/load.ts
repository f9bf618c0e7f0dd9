import { useEffect, useState } from 'preact/hooks';
import { get } from './api.js';
import { connection } from './live.js';

export interface Loaded<T> {
  value?: T;
  error?: unknown;
  reload(): void;
}

/** What a GET answers; asked again when the address changes, at `reload`, and when the server is back after a failure. */
export function useLoaded<T>(path: string): Loaded<T> {
  const [state, setState] = useState<{ path: string; value?: T; error?: unknown }>({ path });
  const [count, setCount] = useState(0);
  const back = state.error !== undefined && connection.value === 'open';
  useEffect(() => {
    const stop = new AbortController();
    get<T>(path, { signal: stop.signal }).then(
      (value) => setState({ path, value }),
      (error: unknown) => {
        if (!stop.signal.aborted) setState({ path, error });
      },
    );
    return () => stop.abort();
  }, [path, count, back]);
  const { value, error } = state.path === path ? state : {};
  return { value, error, reload: () => setCount((before) => before + 1) };
}
