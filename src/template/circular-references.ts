/** Conditions and names under way: one that leads back to itself is left as it is. */
export interface UnderWay {
  /** @param otherwise where this is under way already */
  once<T>(key: string, otherwise: T, run: () => T): T;
}

export function createUnderWay(): UnderWay {
  const keys = new Set<string>();
  return {
    once(key, otherwise, run) {
      if (keys.has(key)) return otherwise;
      keys.add(key);
      try {
        return run();
      } finally {
        keys.delete(key);
      }
    },
  };
}
