/** Holds calls of a service to a pace. */
export interface Limiter {
  /** Resolves when the call may be made. */
  take(operation: string): Promise<void>;
  /** The service said that it is too much: others use the same buckets. */
  throttled(operation: string): void;
}
