import type { Screen } from './screen.mjs';

export function svgOf(
  lines: ReturnType<Screen['shown']>,
  options: { columns: number; title: string },
): string;
