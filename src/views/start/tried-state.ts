import { parsedAsWritten } from '../../json/json.js';
import { jsonText } from '../../json/lossless.js';
import type { TriedState } from '../../ports/aws.js';
import { paint as inks } from '../text/paint.js';

/** In the order in which a state's fields work on its data. */
const phases: Record<string, string> = {
  input: 'input',
  afterInputPath: 'InputPath',
  afterItemsPath: 'ItemsPath',
  afterItemsPointer: 'ItemsPointer',
  afterItemSelector: 'ItemSelector',
  afterItemBatcher: 'ItemBatcher',
  afterParameters: 'Parameters',
  afterArguments: 'Arguments',
  result: 'result',
  afterResultSelector: 'ResultSelector',
  afterResultPath: 'ResultPath',
};

export const triedDocument = (stateName: string, { inspection, ...tried }: TriedState) => ({
  stateName,
  ...tried,
  inspectionData: inspection,
});

/** What each phase made of the data; one that changed nothing takes one line. */
export function triedLines(
  stateName: string,
  { status, output, error, cause, nextState, inspection }: TriedState,
  color: boolean,
): string[] {
  const paint = inks(color);
  const good = status === 'SUCCEEDED';
  const looks = good ? paint.green : status === 'FAILED' ? paint.red : paint.yellow;
  const head = `${paint.bold(stateName)}  ${looks(status)}${nextState === undefined ? '' : `  → ${nextState}`}`;
  const lines = [head];
  let before: string | undefined;
  const show = (name: string, text: string): void => {
    const same = text === before;
    before = text;
    lines.push('', same ? `${paint.bold(name)}  ${paint.dim('(the same)')}` : paint.bold(name));
    if (!same) for (const line of indented(text)) lines.push(`  ${line}`);
  };
  for (const [phase, name] of Object.entries(phases)) {
    const text = inspection[phase];
    if (typeof text === 'string') show(name, text);
  }
  if (output !== undefined) show('output', output);
  const { variables, errorDetails } = inspection;
  if (typeof variables === 'string')
    lines.push('', paint.bold('variables'), ...indented(variables).map((line) => `  ${line}`));
  if (error !== undefined) lines.push('', `${paint.red(error)}${cause ? `: ${cause}` : ''}`);
  const handler = handlerText(errorDetails);
  if (handler) lines.push(paint.dim(handler));
  return lines;
}

function handlerText(details: unknown): string | undefined {
  if (typeof details !== 'object' || details === null) return undefined;
  const { catchIndex, retryIndex, retryBackoffIntervalSeconds: seconds } = details as Record<string, unknown>;
  if (catchIndex !== undefined) return `caught by Catch[${String(catchIndex)}]`;
  if (retryIndex === undefined) return undefined;
  return seconds === undefined
    ? `no attempt of Retry[${String(retryIndex)}] is left`
    : `tried again by Retry[${String(retryIndex)}] after ${String(seconds)} s`;
}

const indented = (text: string): string[] => {
  const value = parsedAsWritten(text);
  return (value === undefined ? text : jsonText(value, 2)).split('\n');
};
