/** Turns a stream of bytes into another. */
export interface ByteTransform {
  push(chunk: Uint8Array): Uint8Array;
  end(): Uint8Array;
}
