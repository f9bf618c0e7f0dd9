import type { ByteTransform } from './byte-transform.js';
import type { Characters, CharacterTable } from './character-table.js';

const LF = 0x0a;
const NOT_ASCII = 0x80808080 | 0;
/** A character is written as four bytes, of which fewer count; what the decoder still holds comes before. */
const SLACK = 16;

/**
 * Looks characters up and writes UTF-8, without a string between them. A line in which the table lacks something goes
 * from there on to the decoder, which knows what is to become of it: with a newline each encoding begins anew.
 *
 * @param reuses what is given may be overwritten by the next `push`
 */
export function convertByTable(
  table: CharacterTable,
  decoder: InstanceType<typeof TextDecoder>,
  reuses: boolean,
): ByteTransform & { characters: Characters } {
  const { entries } = table;
  let out = Buffer.alloc(0);
  /** Up to where it is written. */
  let to = 0;
  /** A first byte whose second one is still to come. */
  let pending: number | undefined;
  /** In a line that the decoder reads. */
  let decoding = false;

  /** @returns how far it came: to the end, or to where the table has nothing */
  function look(bytes: Uint8Array, from: number): number {
    const { length } = bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, length);
    const outView = new DataView(out.buffer, out.byteOffset, out.length);
    let at = from;
    let end = to;
    while (at < length) {
      while (at + 8 <= length) {
        const four = view.getInt32(at, true);
        const more = view.getInt32(at + 4, true);
        if (((four | more) & NOT_ASCII) !== 0) break;
        outView.setInt32(end, four, true);
        outView.setInt32(end + 4, more, true);
        at += 8;
        end += 8;
      }
      while (at < length && (bytes[at] as number) < 0x80) out[end++] = bytes[at++] as number;
      while (at < length) {
        const byte = bytes[at] as number;
        if (byte < 0x80) break;
        const entry = entries[(byte << 8) | (at + 1 < length ? (bytes[at + 1] as number) : 0)] as number;
        if (entry === 0) {
          if (table.ask(byte)) continue;
          to = end;
          return at;
        }
        outView.setInt32(end, entry, true);
        end += (entry >>> 24) & 3;
        at += (entry >>> 26) & 3;
      }
    }
    to = end;
    return at;
  }

  function convert(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (!decoding) at = look(bytes, at);
      if (at === bytes.length) return;
      if (!decoding && at + 1 === bytes.length) {
        pending = bytes[at];
        return;
      }
      const newline = bytes.indexOf(LF, at);
      decoding = newline < 0;
      const line = bytes.subarray(at, decoding ? bytes.length : newline + 1);
      to += out.write(decoder.decode(line, { stream: true }), to);
      at += line.length;
    }
  }

  return {
    characters: entries,
    push(chunk) {
      const bytes = pending === undefined ? chunk : Buffer.concat([Uint8Array.of(pending), chunk]);
      pending = undefined;
      const most = 3 * bytes.length + SLACK;
      if (!reuses || out.length < most) out = Buffer.allocUnsafeSlow(most);
      to = 0;
      convert(bytes);
      return out.subarray(0, to);
    },
    end() {
      const last = pending === undefined ? '' : decoder.decode(Uint8Array.of(pending), { stream: true });
      return Buffer.from(last + decoder.decode());
    },
  };
}
