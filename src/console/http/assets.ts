import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { safeHeaders } from './reply.js';

/** The page's files, by the address of each; no path is ever made of a request. */
export type Assets = ReadonlyMap<string, Asset>;

interface Asset {
  type: string;
  plain: Buffer;
  packed: { br?: Promise<Buffer>; gzip?: Promise<Buffer> };
}

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** @param folder as it was built: index.html, and files whose names have a hash */
export async function readAssets(folder: string): Promise<Assets> {
  const assets = new Map<string, Asset>();
  for (const name of await readdir(folder)) {
    const type = types[name.split('.').at(-1) ?? ''];
    if (type === undefined) continue;
    assets.set(name === 'index.html' ? '/' : `/assets/${name}`, {
      type,
      plain: await readFile(join(folder, name)),
      packed: {},
    });
  }
  return assets;
}

/** Every address that is no file's shows the page, which knows what to show there. */
export async function sendAsset(
  assets: Assets,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asset = path.startsWith('/assets/') ? assets.get(path) : assets.get('/');
  if (!asset || request.method === 'POST') {
    response.writeHead(asset ? 405 : 404, { ...safeHeaders, 'Content-Type': 'text/plain; charset=utf-8' });
    response.end(asset ? 'Not allowed\n' : 'Not found\n');
    return;
  }
  const encoding = encodingFor(String(request.headers['accept-encoding'] ?? ''));
  const body = encoding === undefined ? asset.plain : await packed(asset, encoding);
  response.writeHead(200, {
    ...safeHeaders,
    'Content-Type': asset.type,
    'Content-Length': body.length,
    Vary: 'Accept-Encoding',
    'Cache-Control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
    ...(encoding !== undefined && { 'Content-Encoding': encoding }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

const encodingFor = (accepted: string): 'br' | 'gzip' | undefined =>
  /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined;

const [pack, packGzip] = [promisify(brotliCompress), promisify(gzip)];

function packed(asset: Asset, encoding: 'br' | 'gzip'): Promise<Buffer> {
  asset.packed[encoding] ??=
    encoding === 'br'
      ? pack(asset.plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } })
      : packGzip(asset.plain);
  return asset.packed[encoding];
}
