import { signal } from '@preact/signals';

// The token that opens the API: from the link's fragment, kept in this page's memory alone, sent as a header only.

let token: string | undefined;

/** The server wants a token that this page does not have. */
export const locked = signal(false);

/** Pages of the same origin, in other tabs: a link that was opened in a new one asks them. */
const others = 'BroadcastChannel' in globalThis ? new BroadcastChannel('mbc-flow') : undefined;

others?.addEventListener('message', ({ data }: MessageEvent<{ ask?: true; token?: string }>) => {
  if (data.ask && token !== undefined) others.postMessage({ token });
});

export const currentToken = (): string | undefined => token;

/** Takes a link, or the token itself, that somebody pasted. False where there is none in it. */
export function takeToken(text: string): boolean {
  const found = /(?:^|[#&]token=)([\w-]{20,100})$/.exec(text.trim())?.[1];
  if (found === undefined) return false;
  token = found;
  locked.value = false;
  return true;
}

/** At the start: from the address, which then holds it no more, or from another tab. */
export async function findToken(): Promise<void> {
  const { hash, pathname, search } = location;
  if (takeToken(hash)) {
    history.replaceState(null, '', pathname + search);
    return;
  }
  await fromOthers();
  if (token === undefined) locked.value = true;
}

const PATIENCE = 300;

async function fromOthers(): Promise<void> {
  if (!others) return;
  await new Promise<void>((resolve) => {
    const hear = ({ data }: MessageEvent<{ token?: string }>): void => {
      if (typeof data.token !== 'string' || !takeToken(data.token)) return;
      done();
    };
    const done = (): void => {
      others.removeEventListener('message', hear);
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, PATIENCE);
    others.addEventListener('message', hear);
    others.postMessage({ ask: true });
  });
}
