const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
export const fenced = (text, language = '') => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
export const code = (text) => `\`${text}\``;

/** A page of its parts; none where one is left out. */
export const page = (title, source, parts) =>
  `${[`# ${title}`, `<!-- Generated from ${source} by \`npm run docs\`. -->`, ...parts].filter(Boolean).join('\n\n')}\n`;
