import { crc32 } from 'node:zlib';

export const eventStreamType = 'application/vnd.amazon.eventstream';

/** One message of AWS's event stream encoding: lengths, their checksum, headers, payload, checksum of all. */
export function eventStreamMessage(headers: Record<string, string>, payload: object): Buffer {
  const body = Buffer.from(JSON.stringify(payload));
  const header = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)));
  const preludeLength = 12;
  const total = preludeLength + header.length + body.length + 4;
  const prelude = Buffer.alloc(preludeLength);
  prelude.writeUInt32BE(total, 0);
  prelude.writeUInt32BE(header.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const message = Buffer.concat([prelude, header, body]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(message), 0);
  return Buffer.concat([message, checksum]);
}

export const eventMessage = (type: string, payload: object, contentType = 'application/json'): Buffer =>
  eventStreamMessage(
    { ':message-type': 'event', ':event-type': type, ':content-type': contentType },
    payload,
  );

const stringHeader = 7;

function encodeHeader(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value), 0);
  return Buffer.concat([
    Buffer.from([Buffer.byteLength(name)]),
    Buffer.from(name),
    Buffer.from([stringHeader]),
    length,
    Buffer.from(value),
  ]);
}
