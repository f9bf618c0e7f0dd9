/** A file that is neither JSON nor YAML; `offset` is where the parser gave up. */
export class UnreadableSource extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}
