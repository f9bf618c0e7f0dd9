import type { BuildOptions, BuildResult } from 'esbuild';

export const bundleOptions: BuildOptions;
export const metafile: string;
export function bundle(): Promise<BuildResult<{ metafile: true; write: false }>>;
export function buildDist(): Promise<void>;
