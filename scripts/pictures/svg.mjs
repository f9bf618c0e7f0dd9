// A screen as an SVG that needs no font of its own: each run of one style is told how wide it is.
const cell = { width: 8.4, height: 20, size: 14 };
const margin = 16;
const bar = 30;
const colors = {
  black: '#24292f',
  red: '#cf222e',
  green: '#116329',
  yellow: '#7d4e00',
  blue: '#0550ae',
  magenta: '#8250df',
  cyan: '#1b6c80',
  white: '#57606a',
  'bright-black': '#57606a',
};
const ink = '#24292f';
const paper = '#ffffff';

/** @param lines of a Screen */
export function svgOf(lines, { columns, title }) {
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = Math.ceil(lines.length * cell.height + 2 * margin + bar);
  const drawn = lines.flatMap((line, index) => runsOf(line).map((run) => draw(run, index)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${paper}" stroke="#d0d7de"/>
<path d="M0.5 ${bar}H${width - 0.5}" stroke="#d0d7de"/>
${['#d0d7de', '#d0d7de', '#d0d7de'].map((fill, at) => `<circle cx="${20 + at * 18}" cy="${bar / 2}" r="5.5" fill="${fill}"/>`).join('')}
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Noto Sans Mono CJK JP',monospace" font-size="${cell.size}" fill="${ink}">
${drawn.join('\n')}
</g>
</svg>
`;
}

/**
 * Neighbours of one style are one text. Wide characters stand apart, so that each keeps its column, and so do words
 * with more than a space between them, which SVG would draw as one.
 */
function runsOf(line) {
  const runs = [];
  let last;
  let blanks = 0;
  for (const [column, { text, style }] of line.entries()) {
    if (text === '') continue;
    const drawn = style.background || style.inverse;
    if (text === ' ' && !drawn) {
      blanks++;
      continue;
    }
    const wide = line[column + 1]?.text === '';
    const key = JSON.stringify(style);
    if (last?.key === key && last.wide === wide && blanks < 2) {
      last.text += ' '.repeat(blanks) + text;
      last.cells += blanks + (wide ? 2 : 1);
    } else {
      last = { column, text, style, key, wide, cells: wide ? 2 : 1 };
      runs.push(last);
    }
    blanks = 0;
  }
  return runs;
}

function draw({ column, text, style, cells }, index) {
  const x = round(margin + column * cell.width);
  const y = margin + bar + index * cell.height;
  const length = round(cells * cell.width);
  const own = colors[style.color] ?? ink;
  const [fill, ground] = style.inverse ? [paper, own] : [own, colors[style.background]];
  const attributes = [
    fill === ink ? '' : ` fill="${fill}"`,
    style.bold ? ' font-weight="bold"' : '',
    style.italic ? ' font-style="italic"' : '',
    style.underline ? ' text-decoration="underline"' : '',
    style.dim ? ' opacity="0.65"' : '',
  ].join('');
  const behind = ground
    ? `<rect x="${x}" y="${y + 1}" width="${length}" height="${cell.height}" fill="${ground}"/>`
    : '';
  return `${behind}<text x="${x}" y="${y + 15}" textLength="${length}"${attributes}>${escaped(text)}</text>`;
}

const round = (number) => Math.round(number * 10) / 10;
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
