/** Something that is waited for and may take long. */
export interface Wait {
  /** After `Waiting for`. */
  on: string;
  /** What may be missing, and what to type instead: said when it takes long. */
  missing: string;
}

/** Keeps no wait silent: one that takes seconds is told of, unless something else is shown meanwhile. */
export interface Waits {
  during<T>(wait: Wait, work: () => Promise<T>): Promise<T>;
}
