import { S3Error } from './errors.js';

/** Bytes from `start` up to `end` (exclusive). */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * The one range of a `Range` header. Undefined when there is none, or when it is not valid or several: then, as
 * HTTP has it, the whole is meant.
 * @throws S3Error InvalidRange when no byte of the object is in it.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '') ?? [];
  if (header === undefined || first === undefined || last === undefined || first + last === '') {
    return undefined;
  }
  if (first !== '' && last !== '' && Number(first) > Number(last)) return undefined;
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  if (start >= size) throw new S3Error('InvalidRange', { RangeRequested: header, ActualObjectSize: size });
  return { start, end };
}

/** `x-amz-copy-source-range`: both ends are wanted, and have to be there. */
export function parseCopyRange(header: string, size: number): ByteRange {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last)) {
    throw new S3Error(
      'InvalidArgument',
      { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: header },
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    );
  }
  if (Number(last) >= size) {
    throw new S3Error(
      'InvalidArgument',
      { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: header },
      `Range specified is not valid for source object of size: ${size}`,
    );
  }
  return { start: Number(first), end: Number(last) + 1 };
}
