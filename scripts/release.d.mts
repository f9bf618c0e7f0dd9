interface Release {
  manifest: Record<string, unknown> & { version: string };
  changelog: string;
  tag?: string;
  dirty: string[];
  packed: { size: number; files: { path: string }[] };
}
export function obstacles(release: Release): string[];
export function changesOf(changelog: string, version: string): { date?: string; text: string } | undefined;
