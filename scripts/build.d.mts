import type { BuildResult } from 'esbuild';

export const metafile: string;
export function bundle(): Promise<BuildResult<{ metafile: true; write: false }>>;
export function buildDist(): Promise<void>;
