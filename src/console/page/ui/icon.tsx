/** Our own, drawn on 16 × 16. */
const paths = {
  overview: 'M2.5 13.5v-5M6.5 13.5v-9M10.5 13.5v-6M14 13.5H1.5',
  executions: 'M5 3.5h8.5M5 8h8.5M5 12.5h8.5M2 3.5h.5M2 8h.5M2 12.5h.5',
  paused: 'M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM6.5 6v4M9.5 6v4',
  imports: 'M8 2.5v7M5 6.5l3 3 3-3M2.5 11v2.5h11V11',
  machines:
    'M8 2.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6ZM4 10.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6ZM12 10.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6ZM8 5.8v2.2M4 10.2V8h8v2.2',
  search: 'M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10ZM10.7 10.7 14 14',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  check: 'M3 8.5l3.2 3.2L13 5',
  copy: 'M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3',
  light:
    'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1',
  dark: 'M13.5 9.5A6 6 0 0 1 6.5 2.5a5.8 5.8 0 1 0 7 7Z',
  system: 'M2 3h12v8H2zM5.5 13.5h5M8 11v2.5',
  keyboard: 'M1.5 4h13v8.5h-13zM4 7h.5M7 7h.5M10 7h.5M5 10h6',
  play: 'M4.5 3v10l8-5z',
  stop: 'M4 4h8v8H4z',
  redrive: 'M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3',
  chevron: 'M6 3.5 10.5 8 6 12.5',
  warning: 'M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.2',
  lock: 'M4 7h8v6.5H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  clock: 'M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.5',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  download: 'M8 2.5v7M5 6.5l3 3 3-3M2.5 13.5h11',
  external: 'M9.5 2.5h4v4M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4',
} as const;

export type IconName = keyof typeof paths;

/** Beside words: it says nothing by itself. */
export const Icon = ({ name, size = 16 }: { name: IconName; size?: number }) => (
  <svg class="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
);
