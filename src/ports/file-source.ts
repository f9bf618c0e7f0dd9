/** A file as operations see it: whoever calls them opens it. */
export interface FileSource {
  /** As the user named it. */
  path: string;
  /** Without its folder. */
  name: string;
  /** Changes when the file does: size and time. */
  stamp(): Promise<string>;
  /** A chunk is valid until the next one is asked for. */
  read(): AsyncIterable<Uint8Array>;
  /** Where a row (0-based) stands in the file that people know, when this one is made of some of its rows. */
  lineOf?(index: number): number;
}
