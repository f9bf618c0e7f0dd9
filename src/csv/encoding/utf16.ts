import type { ByteTransform } from './byte-transform.js';

/** In no UTF-8: what stands for half a character. */
const INVALID = 0xff;
const BYTE_ORDER_MARK = 0xfeff;

const isFirstHalf = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isSecondHalf = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

/** @param reuses what is given may be overwritten by the next `push` */
export function convertUtf16(bigEndian: boolean, reuses: boolean): ByteTransform {
  const little = !bigEndian;
  /** Bits of four bytes that two ASCII characters do not have. */
  const notAscii = (bigEndian ? 0x80ff80ff : 0xff80ff80) | 0;
  const shift = bigEndian ? 8 : 0;
  let rest: Uint8Array = new Uint8Array();
  let begun = false;
  let out = Buffer.alloc(0);

  function convert(bytes: Uint8Array, whole: number): Buffer {
    // Three bytes of UTF-8 for each two.
    const most = 2 * whole + 4;
    if (!reuses || out.length < most) out = Buffer.allocUnsafeSlow(most);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    let to = 0;
    if (!begun && whole > 0) {
      begun = true;
      if (view.getUint16(0, little) === BYTE_ORDER_MARK) at = 2;
    }
    while (at < whole) {
      while (at + 4 <= whole) {
        const two = view.getInt32(at, true);
        if ((two & notAscii) !== 0) break;
        out[to] = two >>> shift;
        out[to + 1] = two >>> (shift + 16);
        at += 4;
        to += 2;
      }
      if (at >= whole) break;
      let code = view.getUint16(at, little);
      at += 2;
      if (isFirstHalf(code) && at < whole && isSecondHalf(view.getUint16(at, little))) {
        code = 0x10000 + ((code & 0x3ff) << 10) + (view.getUint16(at, little) & 0x3ff);
        at += 2;
      }
      if (code < 0x80) out[to++] = code;
      else if (code < 0x800) {
        out[to++] = 0xc0 | (code >> 6);
        out[to++] = 0x80 | (code & 0x3f);
      } else if (code >= 0x10000) {
        out[to++] = 0xf0 | (code >> 18);
        out[to++] = 0x80 | ((code >> 12) & 0x3f);
        out[to++] = 0x80 | ((code >> 6) & 0x3f);
        out[to++] = 0x80 | (code & 0x3f);
      } else if (isFirstHalf(code) || isSecondHalf(code)) out[to++] = INVALID;
      else {
        out[to++] = 0xe0 | (code >> 12);
        out[to++] = 0x80 | ((code >> 6) & 0x3f);
        out[to++] = 0x80 | (code & 0x3f);
      }
    }
    return out.subarray(0, to);
  }

  return {
    push(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let whole = bytes.length & ~1;
      const last = whole === 0 ? 0 : (bytes[whole - (bigEndian ? 2 : 1)] as number);
      // The first half of a character waits for the second.
      if (last >= 0xd8 && last <= 0xdb) whole -= 2;
      // Not of a Buffer, whose `slice` copies nothing: the chunk may be overwritten.
      rest = Uint8Array.from(bytes.subarray(whole));
      return convert(bytes, whole);
    },
    end() {
      const whole = rest.length & ~1;
      const last = convert(rest, whole);
      return rest.length > whole ? Buffer.concat([last, Uint8Array.of(INVALID)]) : last;
    },
  };
}
