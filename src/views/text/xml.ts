const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text in XML or HTML. Characters that XML can't have, even escaped, become the replacement character. */
export const xmlText = (text: string): string =>
  text
    .replaceAll(/(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu, '\ufffd')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);

/** With its quotes. */
export const xmlAttribute = (text: string): string => `"${xmlText(text).replaceAll(/[\n\r\t]/g, ' ')}"`;
