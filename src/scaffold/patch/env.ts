/** Adds `NAME=value` to a .env file that does not set the name yet. */
export function addVariable(text: string, name: string, value: string): string {
  if (new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`, 'm').test(text)) return text;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : newline;
  return `${text}${gap}${name}=${value}${newline}`;
}
