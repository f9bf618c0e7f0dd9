/** How far things have come, so that the same command line goes on after a crash: an entry for each, by its name. */
export interface Journal<Entry> {
  read(name: string): Promise<Entry | undefined>;
  write(name: string, entry: Entry): Promise<void>;
  /** Every name that has an entry, the one that was written last first. */
  names(): Promise<string[]>;
}
