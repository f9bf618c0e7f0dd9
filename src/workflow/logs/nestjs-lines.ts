import { type Json, parsedJson } from '../../json/json.js';

/** A line as Nest's own logger writes it where NODE_ENV is local: for people, coloured, without a request's id. */
export interface NestLine {
  level: string;
  context?: string;
  text: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with it
const colors = /\u001B\[[\d;]*m/g;
const start =
  /^\[Nest\] \d+ {1,3}- .*?[AP]M +(LOG|ERROR|WARN|DEBUG|VERBOSE|FATAL) (?:\[([^\]]*)\] )?([\s\S]*)$/;
const sinceLast = / \+\d+ms$/;
const levels: Record<string, string> = { LOG: 'INFO', VERBOSE: 'TRACE' };

export function nestLine(message: string): NestLine | undefined {
  if (!message.includes('[Nest] ')) return undefined;
  const [, level = '', context, text = ''] = start.exec(plain(message)) ?? [];
  return level === ''
    ? undefined
    : { level: levels[level] ?? level, context, text: text.replace(sinceLast, '') };
}

const plain = (message: string): string => message.replace(colors, '').trimEnd();

/** What only the platform or the runtime writes: no entry of the logger goes on behind it. */
const ofOthers = /^(START|END|REPORT) RequestId: |^\S+\t[\w-]+\t[A-Z]+\t|^\{"/;

/**
 * The lines of one invocation, those of Nest's logger put together to entries and written as the framework writes them
 * elsewhere: `{"level","message":{"context","message"}}`, an object as an object. Others stay as they are.
 */
export function joinedEntries(messages: string[]): string[] {
  const entries: string[] = [];
  let open: { line: NestLine; more: string[] } | undefined;
  const close = (): void => {
    if (open) entries.push(entryOf(open.line, open.more));
    open = undefined;
  };
  for (const message of messages) {
    const line = nestLine(message);
    if (!line && open && !ofOthers.test(message)) {
      open.more.push(plain(message));
      continue;
    }
    close();
    if (line) open = { line, more: [] };
    else entries.push(message);
  }
  close();
  return entries;
}

function entryOf({ level, context, text }: NestLine, more: string[]): string {
  const rest = more
    .join('\n')
    .replace(/\s*\+\d+ms$/, '')
    .trim();
  const object = text === 'Object:' || text === '' ? parsedJson(rest) : undefined;
  const message: Json = object ?? [text, rest].filter((part) => part !== '').join('\n');
  return JSON.stringify({ level, message: { context: context ?? '', message } });
}
