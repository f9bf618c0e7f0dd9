import type { SpawnOptions } from 'node:child_process';

export function treeResidentBytes(rootPid: number): number;
export function measure(
  command: string,
  args: string[],
  options?: SpawnOptions,
): Promise<{ exitCode: number | null; stdout: string; stderr: string; peakBytes: number; seconds: number }>;
