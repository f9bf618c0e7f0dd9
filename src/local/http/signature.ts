import { createHash, createHmac } from 'node:crypto';

export interface Signing {
  service: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Epoch milliseconds. */
  now: number;
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** The headers of a request with AWS's signature, version 4, added to them. */
export function signed(
  method: string,
  url: URL,
  headers: Record<string, string>,
  body: string | Buffer,
  signing: Signing,
): Record<string, string> {
  const date = `${new Date(signing.now).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const payloadHash = sha256(body);
  const all: Record<string, string> = { ...headers, 'x-amz-date': date, 'x-amz-content-sha256': payloadHash };
  const canonical = Object.entries({ ...all, host: url.host })
    .map(([name, value]): [string, string] => [name.toLowerCase(), value.trim().replace(/\s+/g, ' ')])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const names = canonical.map(([name]) => name).join(';');
  const query = [...url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const request = [
    method,
    url.pathname,
    query,
    ...canonical.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    payloadHash,
  ].join('\n');
  const scope = `${date.slice(0, 8)}/${signing.region}/${signing.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(request)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${signing.secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  const credential = `${signing.accessKeyId}/${scope}`;
  return {
    ...all,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}
