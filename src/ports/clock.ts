/** Time as commands and operations see it; tests bring their own. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Rejects when `signal` fires. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
