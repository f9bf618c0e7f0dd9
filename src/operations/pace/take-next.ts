/** The next ones, as many as there are up to `most`; fewer: there are no more. */
export async function atMost<T>(from: AsyncIterator<T>, most: number): Promise<T[]> {
  const found: T[] = [];
  while (found.length < most) {
    const { done, value } = await from.next();
    if (done) break;
    found.push(value);
  }
  return found;
}
