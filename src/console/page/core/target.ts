import { effect, signal } from '@preact/signals';
import type { TargetDocument } from '../../api.js';
import { ApiError, get } from './api.js';
import { connection } from './live.js';
import { locked } from './token.js';

/** What the page is about; undefined until it is known. */
export const target = signal<TargetDocument | undefined>(undefined);
/** Why it is not. */
export const targetTrouble = signal<ApiError | undefined>(undefined);

let asking = false;

/** Reads it, again where that failed and whenever the server is back. */
export function followTarget(): void {
  effect(() => {
    if (connection.value === 'away' || locked.value) return;
    void read();
  });
}

async function read(): Promise<void> {
  if (asking) return;
  asking = true;
  try {
    target.value = await get<TargetDocument>('/api/target');
    targetTrouble.value = undefined;
  } catch (error) {
    if (error instanceof ApiError) targetTrouble.value = error;
    if (error instanceof ApiError && error.status !== 401) setTimeout(() => void read(), 2_000);
  } finally {
    asking = false;
  }
}
