import { signal } from '@preact/signals';

/** Where the page is: its path, and the filters in its query. */
export const place = signal(read());

export interface Place {
  path: string;
  query: URLSearchParams;
}

function read(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

addEventListener('popstate', () => {
  place.value = read();
});

/** @param href a path of this page */
export function go(href: string): void {
  if (href === location.pathname + location.search) return;
  history.pushState(null, '', href);
  place.value = read();
  scrollTo(0, 0);
}

/** Filters change where one is: going back leaves the page, not the last letter. */
export function setQuery(values: Record<string, string | undefined>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values))
    if (value === undefined || value === '') query.delete(name);
    else query.set(name, value);
  const text = query.toString();
  history.replaceState(null, '', location.pathname + (text === '' ? '' : `?${text}`));
  place.value = read();
}

/** `/executions/<arn>` and the like: the ARN in one part of the path. */
export const pathTo = {
  execution: (arn: string) => `/executions/${encodeURIComponent(arn)}`,
  machine: (arn: string) => `/machines/${encodeURIComponent(arn)}`,
  mapRun: (arn: string) => `/map-runs/${encodeURIComponent(arn)}`,
  /** `key` of a row of the topic `paused`. */
  pausedStep: (key: string) => `/paused/${encodeURIComponent(key)}`,
  job: (id: string) => `/imports/${encodeURIComponent(id)}`,
};

/** The part of the path behind a page's own; undefined where there is none. */
export function idIn(path: string): string | undefined {
  const text = path.split('/')[2];
  if (!text) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
