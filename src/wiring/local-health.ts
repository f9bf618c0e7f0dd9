/** What a local server says of itself. */
export interface Health {
  pid?: number;
  dataDir?: string;
  /** It counts calls as AWS does. */
  throttle?: boolean;
}

/** Undefined where no local server answers. @param patience in milliseconds */
export async function localHealth(endpoint: string, patience = 2_000): Promise<Health | undefined> {
  try {
    const response = await fetch(`${endpoint}/_mbc-flow/health`, { signal: AbortSignal.timeout(patience) });
    return response.ok ? ((await response.json()) as Health) : undefined;
  } catch {
    return undefined;
  }
}
