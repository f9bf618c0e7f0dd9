import type { Place } from '../asl/validate/diagnostic.js';
import { isObject, type Json } from '../json/json.js';

const MARK = /mbc-flow-ignore(?::\s*((?:MF\d+[\s,]*)+))?/;

/** Whether a text (a Comment, a line of the file) silences a rule: by its code, or all of them. */
function silences(text: string, code: string): boolean {
  const found = MARK.exec(text);
  return found !== null && (found[1] === undefined || found[1].split(/[\s,]+/).includes(code));
}

/** A `Comment` on the state, on one around it, or on the machine. */
export function silencedByComment(definition: Json, place: Place, code: string): boolean {
  let node: Json | undefined = definition;
  for (const step of [undefined, ...place]) {
    if (step !== undefined)
      node = Array.isArray(node)
        ? node[Number(step)]
        : isObject(node) && Object.hasOwn(node, step)
          ? node[step]
          : undefined;
    if (isObject(node) && typeof node.Comment === 'string' && silences(node.Comment, code)) return true;
  }
  return false;
}

/** A comment of YAML or TypeScript on the line itself or on the one above. */
export function silencedByLine(text: string, line: number, code: string): boolean {
  const lines = text.split('\n');
  return [lines[line - 1], lines[line - 2]].some((one) => {
    const comment = /(?:#|\/\/|\/\*).*$/.exec(one ?? '')?.[0];
    return comment !== undefined && silences(comment, code);
  });
}
