import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAwsChunked } from '../../../../src/local/s3/wire/aws-chunked.js';

async function decode(pieces: Buffer[]): Promise<{ bytes: Buffer; trailers: Map<string, string> }> {
  const trailers = new Map<string, string>();
  const source = (async function* () {
    yield* pieces;
  })();
  const chunks: Buffer[] = [];
  for await (const chunk of decodeAwsChunked(source, trailers)) chunks.push(chunk);
  return { bytes: Buffer.concat(chunks), trailers };
}

const frame = (chunks: Uint8Array[], extension: string, trailer: string): Buffer =>
  Buffer.concat([
    ...chunks
      .filter((chunk) => chunk.length > 0)
      .flatMap((chunk) => [
        Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`),
        chunk,
        Buffer.from('\r\n'),
      ]),
    Buffer.from(`0${extension}\r\n${trailer}\r\n`),
  ]);

describe('aws-chunked', () => {
  test('any cutting of the wire gives the same bytes and trailers', async () => {
    const cases = fc.record({
      chunks: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }),
      extension: fc.constantFrom('', `;chunk-signature=${'a'.repeat(64)}`),
      cuts: fc.array(fc.nat({ max: 400 }), { maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ chunks, extension, cuts }) => {
        const wire = frame(chunks, extension, 'X-Amz-Checksum-Crc32: y/Q5Jg==\r\n');
        const edges = [0, ...cuts.filter((cut) => cut < wire.length).sort((a, b) => a - b), wire.length];
        const pieces = edges.slice(1).map((edge, index) => wire.subarray(edges[index], edge));
        const { bytes, trailers } = await decode(pieces);
        expect(bytes).toEqual(Buffer.concat(chunks));
        expect([...trailers]).toEqual([['x-amz-checksum-crc32', 'y/Q5Jg==']]);
      }),
    );
  });

  test('a signed trailer with its signature is read', async () => {
    const wire = frame(
      [Buffer.from('abc')],
      ';chunk-signature=00',
      'x-amz-checksum-crc32c:sOO8/Q==\n\r\nx-amz-trailer-signature:63bd\r\n',
    );
    expect((await decode([wire])).trailers.get('x-amz-checksum-crc32c')).toBe('sOO8/Q==');
  });

  test('whatever is missing before the last chunk makes it incomplete', async () => {
    const wire = frame([Buffer.from('hello'), Buffer.from('world')], '', '');
    const lastChunk = wire.indexOf('0\r\n\r\n') + 3;
    for (let length = 0; length < lastChunk; length++) {
      await expect(decode([wire.subarray(0, length)]), `${length}`).rejects.toMatchObject({
        code: 'IncompleteBody',
      });
    }
  });

  test.each(['zz\r\nabc\r\n0\r\n\r\n', '-1\r\n\r\n', '2\r\nabc\r\n0\r\n\r\n', '9'.repeat(9000), '\r\n'])(
    'broken framing %#',
    async (wire) => {
      await expect(decode([Buffer.from(wire)])).rejects.toMatchObject({ code: 'IncompleteBody' });
    },
  );
});
