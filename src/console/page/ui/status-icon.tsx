const signs: Record<string, string> = {
  running: 'M8 3.5a4.5 4.5 0 1 1-4.5 4.5',
  succeeded: 'M4.5 8.3 7 10.8l4.6-5',
  failed: 'M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4',
  aborted: 'M4.8 8h6.4',
  waiting: 'M6.4 5.5v5M9.6 5.5v5',
  retrying: 'M11 8a3 3 0 1 1-1-2.2M11 4v2H9',
  caught: 'M8 4.5v4M8 11v.2',
  plain: 'M7.5 8h1',
};

/** How something stands, by shape. @param word for those who listen, where none stands beside it */
export function Sign({ look, size, word }: { look: string; size: number; word?: string }) {
  return (
    <svg
      class="sign"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      role={word === undefined ? undefined : 'img'}
      aria-label={word}
      aria-hidden={word === undefined ? 'true' : undefined}
    >
      <circle cx="8" cy="8" r="6.5" />
      <path d={signs[look] ?? signs.plain} />
    </svg>
  );
}
