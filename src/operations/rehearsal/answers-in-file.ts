import { exitCodes, FlowError } from '../../errors.js';
import { isObject } from '../../json/json.js';
import { positionOf } from '../../json/json-positions.js';
import { nodeAt, readSource, startOf } from '../../lint/parsed-source.js';
import { UnreadableSource } from '../../lint/unreadable.js';
import { unknownState } from '../../workflow/definition/states-that-ask.js';
import { checkFlowTest } from '../../workflow/flow-test/check-file.js';
import type { FlowAnswers } from '../../workflow/flow-test/file-schema.js';

/**
 * Answers as a test file has them, or the whole of one.
 * @param states those that ask somebody
 * @throws FlowError 2 with `file:line:column` of what is wrong
 */
export async function answersInFile(
  text: string,
  where: string,
  states: ReadonlySet<string>,
): Promise<FlowAnswers | undefined> {
  const placed = (offset: number | undefined) => {
    const at = positionOf(text, offset ?? 0);
    return {
      where: offset === undefined ? where : `${where}:${at.line}:${at.column}`,
      hint: '{"STATE": {"value": {"ok": true}}, "OTHER": {"error": "Name", "cause": "why"}}',
    };
  };
  const bad = (message: string, offset: number | undefined): FlowError =>
    new FlowError(exitCodes.usage, 'InvalidAnswers', message, placed(offset));
  const { value, root } = await readSource(where, text).catch((error: unknown) => {
    if (!(error instanceof UnreadableSource)) throw error;
    throw bad(`the answers can't be read: ${error.message}`, error.offset);
  });
  const given = isObject(value) && isObject(value.answers) ? value.answers : value;
  const inside = given === value ? 1 : 0;
  const { answers } = checkFlowTest({ machine: where, cases: [], answers: given }, (at, message) => {
    const path = at.slice(inside);
    const subject = at.slice(1).map(String).join('.') || 'the file';
    throw bad(`${subject} ${message}`, startOf(nodeAt(root, path).node));
  });
  const unknown = Object.keys(answers ?? {}).find((name) => !states.has(name));
  if (unknown === undefined) return answers;
  const path = inside === 1 ? [unknown] : ['answers', unknown];
  const offset = startOf(nodeAt(root, path).node);
  throw new FlowError(exitCodes.usage, 'UnknownState', unknownState(unknown, states), placed(offset));
}
