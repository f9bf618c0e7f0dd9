interface Release {
  manifest: Record<string, unknown> & { version: string };
  changelog: string;
  tag?: string;
  dirty: string[];
  packed: { size: number; files: { path: string }[] };
}
/** Files that the tarball has to have. */
export const wanted: string[];
export function obstacles(release: Release): string[];
export function changesOf(changelog: string, version: string): { date?: string; text: string } | undefined;
