/**
 * Whether `text` is the parts one after the other with any characters between them. Without a RegExp: each part
 * at its first place leaves the most to the others, so that none is tried twice.
 */
export function matchesParts(parts: string[], text: string): boolean {
  const [first = '', ...middle] = parts;
  if (parts.length === 1) return text === first;
  const last = middle.pop() ?? '';
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of middle) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
