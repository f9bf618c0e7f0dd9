import { exitCodes, FlowError } from '../errors.js';

/** AWS may return empty pages before it finds something, but not this many in a row. */
const MOST_EMPTY = 5_000;

/**
 * Every page of an operation that answers in pages.
 * @param isEmpty whether a page brought nothing
 * @throws FlowError 6 where the pages have no end: the same token again, or nothing but empty ones
 */
export async function* pages<P extends { nextToken?: string }>(
  operation: string,
  where: string,
  isEmpty: (page: P) => boolean,
  call: (nextToken: string | undefined) => Promise<P>,
): AsyncGenerator<P> {
  let token: string | undefined;
  let empty = 0;
  do {
    const page = await call(token);
    yield page;
    empty = isEmpty(page) ? empty + 1 : 0;
    if (page.nextToken && (page.nextToken === token || empty >= MOST_EMPTY))
      throw new FlowError(
        exitCodes.unreachable,
        'EndlessPages',
        page.nextToken === token
          ? `${operation} returned the same nextToken twice`
          : `${operation} returned ${MOST_EMPTY} empty pages in a row`,
        { where, hint: 'check that the endpoint is that of AWS or mbc-flow dev' },
      );
    token = page.nextToken || undefined;
  } while (token);
}
