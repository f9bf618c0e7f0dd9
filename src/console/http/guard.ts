import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is not answered. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
}

/** Asked for in every request below `/api/`; no form and no link can send it. */
export const tokenHeader = 'x-mbc-flow-token';

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

interface Asked {
  method?: string;
  url?: string;
  headers: IncomingHttpHeaders;
}

/**
 * What another page could make a browser send is refused before anything is looked at: a Host of another name (DNS
 * rebinding), a foreign Origin, another site's request for data. Undefined: it may pass.
 */
export function refusal({ method = 'GET', url = '/', headers }: Asked): Refusal | undefined {
  const host = (headers.host ?? '').toLowerCase();
  if (!loopback.test(host)) return refused('ForeignHost', 'this host name is not served here');
  const { origin } = headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host}`)
    return refused('ForeignOrigin', 'requests of other origins are not served here');
  if (!['GET', 'HEAD', 'POST'].includes(method))
    return { status: 405, code: 'MethodNotAllowed', message: 'GET, HEAD and POST are allowed' };
  const [path = '/', query = ''] = url.split('?', 2);
  if (url.length > 8_000) return { status: 414, code: 'AddressTooLong', message: 'the address is too long' };
  if (
    !/^\/(?!\/)[\w\-.~:@%!$&'()*+,;=/]*$/.test(path) ||
    /%(?![\da-f]{2})|%(00|5c|2e)|\/\.\.?(\/|$)/i.test(path)
  )
    return { status: 400, code: 'BadAddress', message: 'this address is not understood' };
  if (/%(?![\da-f]{2})/i.test(query))
    return { status: 400, code: 'BadAddress', message: 'this address is not understood' };
  if (isData(path)) {
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin')
      return refused('ForeignSite', 'other sites get no data from here');
    if (headers['sec-fetch-mode'] === 'navigate') return refused('Navigation', 'data is not shown as a page');
  }
  return undefined;
}

/** @returns why a change is refused that a form or a link could have sent */
export function changeRefusal({ method, headers }: Asked): Refusal | undefined {
  if (method !== 'POST')
    return { status: 405, code: 'MethodNotAllowed', message: 'this changes something: POST is needed' };
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json')
    return {
      status: 415,
      code: 'UnsupportedMediaType',
      message: 'the content type must be application/json',
    };
  return undefined;
}

export const isData = (path: string): boolean => path === '/api' || path.startsWith('/api/');

const refused = (code: string, message: string): Refusal => ({ status: 403, code, message });
