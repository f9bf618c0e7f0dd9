import type { Json } from '../../json/json.js';

/** Frames of runtimes, frameworks and libraries: true, but never the line to look at first. */
const NOT_THE_APP =
  /node_modules|node:|\(internal\/|\/var\/runtime\/|\/var\/lang\/|\/opt\/(?:python|nodejs)\/|site-packages|importlib|^(?:java|javax|jdk|sun|com\.amazonaws)[./]|<anonymous>\)?$/;

/**
 * The first frame of the application's own code in the stack of a Lambda error: Node's `trace`, Python's and
 * Java's `stackTrace` (Python lists the innermost call last). Undefined when every frame is someone else's.
 */
export function appFrame(stack: Json): string | undefined {
  const lines = (typeof stack === 'string' ? stack.split('\n') : Array.isArray(stack) ? stack : []).map(
    frameText,
  );
  const python = lines.some((line) => /^\s*File "/.test(line));
  for (const line of python ? lines.reverse() : lines) {
    const frame = asFrame(line);
    if (frame && !NOT_THE_APP.test(frame)) return frame;
  }
  return undefined;
}

/** Old Python runtimes give a frame as `[file, line, function, text]`. */
function frameText(entry: Json): string {
  if (typeof entry === 'string') return entry;
  if (!Array.isArray(entry)) return '';
  const [file, line, name] = entry;
  return `File "${file}", line ${line}, in ${name}`;
}

function asFrame(line: string): string | undefined {
  const node = /^\s*at (.+)$/.exec(line)?.[1];
  if (node) return node.trim();
  const python = /^\s*File "(.+?)", line (\d+)(?:, in (.+?))?(?:\n|$)/.exec(line);
  if (python) return `${python[3] ? `${python[3]} ` : ''}(${python[1]}:${python[2]})`;
  return /^[\w.$<>]+\(\S+\.(?:java|kt|scala):\d+\)$/.exec(line.trim())?.[0];
}
