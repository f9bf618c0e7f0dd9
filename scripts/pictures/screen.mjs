// What a terminal shows of the text that was written to it: the sequences that our commands and Ink use.
import stringWidth from 'string-width';

const sequence = new RegExp(
  [
    '\\x1b\\[([?>]?)([\\d;:]*)([@-~])',
    '\\x1b\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)',
    '\\x1b[()][A-Z0-9]',
    '\\x1b[^[\\]]',
  ].join('|'),
  'y',
);
const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** @typedef {{ text: string, style: Record<string, string | boolean> }} Cell `text` is '' behind a wide one */
export class Screen {
  /** @type {Cell[][]} */
  lines = [[]];
  row = 0;
  column = 0;
  style = {};
  /** What was there before a program took the whole screen. */
  behind;

  constructor(columns) {
    this.columns = columns;
  }

  write(text) {
    for (let at = 0; at < text.length; ) {
      sequence.lastIndex = at;
      const found = sequence.exec(text);
      if (found) {
        if (found[3]) this.control(found[1], found[2], found[3]);
        at = sequence.lastIndex;
        continue;
      }
      const next = text.indexOf('\x1b', at + 1);
      const plain = text.slice(at, next < 0 ? undefined : next);
      for (const { segment } of segments.segment(plain)) this.put(segment);
      at += plain.length;
    }
    return this;
  }

  put(segment) {
    if (segment === '\r\n' || segment === '\n') {
      if (segment === '\r\n') this.column = 0;
      this.row++;
    } else if (segment === '\r') this.column = 0;
    else if (segment === '\b') this.column = Math.max(0, this.column - 1);
    else if (segment >= ' ') {
      const width = stringWidth(segment);
      if (this.column + width > this.columns) {
        this.column = 0;
        this.row++;
      }
      this.line()[this.column] = { text: segment, style: this.style };
      for (let more = 1; more < width; more++)
        this.line()[this.column + more] = { text: '', style: this.style };
      this.column += width;
    }
    this.line();
  }

  line() {
    while (this.lines.length <= this.row) this.lines.push([]);
    const line = this.lines[this.row];
    while (line.length < this.column) line.push({ text: ' ', style: {} });
    return line;
  }

  control(mark, given, letter) {
    const numbers = given.split(/[;:]/).map(Number);
    const count = numbers[0] || 1;
    if (mark) {
      if (given === '1049' && letter === 'h') {
        this.behind = { lines: this.lines, row: this.row, column: this.column };
        Object.assign(this, { lines: [[]], row: 0, column: 0 });
      } else if (given === '1049' && this.behind) {
        Object.assign(this, this.behind, { behind: undefined });
      }
    } else if (letter === 'm') this.style = styled(this.style, numbers);
    else if (letter === 'A') this.row = Math.max(0, this.row - count);
    else if (letter === 'B') this.row += count;
    else if (letter === 'C') this.column += count;
    else if (letter === 'D') this.column = Math.max(0, this.column - count);
    else if (letter === 'E') Object.assign(this, { row: this.row + count, column: 0 });
    else if (letter === 'F') Object.assign(this, { row: Math.max(0, this.row - count), column: 0 });
    else if (letter === 'G') this.column = count - 1;
    else if (letter === 'H') Object.assign(this, { row: count - 1, column: (numbers[1] || 1) - 1 });
    else if (letter === 'K') {
      const line = this.line();
      if (numbers[0] === 2) line.length = 0;
      else if (numbers[0] === 0) line.length = Math.min(line.length, this.column);
    } else if (letter === 'J') {
      if (numbers[0] >= 2) this.lines = [[]];
      else {
        this.line().length = this.column;
        this.lines.length = this.row + 1;
      }
    }
  }

  /** Its lines, without the empty ones at the end. */
  shown() {
    const last = this.lines.findLastIndex((line) => line.some(({ text }) => text.trim()));
    return this.lines.slice(0, last + 1);
  }

  text() {
    return this.shown()
      .map((line) =>
        line
          .map(({ text }) => text)
          .join('')
          .trimEnd(),
      )
      .join('\n');
  }
}

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const switches = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 7: 'inverse' };
const offs = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
  39: ['color'],
  49: ['background'],
};

function styled(style, numbers) {
  let made = { ...style };
  for (const number of numbers) {
    if (number === 0) made = {};
    else if (switches[number]) made[switches[number]] = true;
    else if (offs[number]) for (const name of offs[number]) delete made[name];
    else if (number >= 30 && number <= 37) made.color = names[number - 30];
    else if (number >= 90 && number <= 97) made.color = `bright-${names[number - 90]}`;
    else if (number >= 40 && number <= 47) made.background = names[number - 40];
    else if (number >= 100 && number <= 107) made.background = `bright-${names[number - 100]}`;
  }
  return made;
}
