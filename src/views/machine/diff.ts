import type { Difference } from '../../json/difference.js';
import { parseWritten } from '../../json/lossless.js';
import type { DefinitionDiff, ExecutionDiff, InUse } from '../../operations/machine/diff.js';
import type { ChangedState, MovedTransition } from '../../workflow/definition/compare-definitions.js';
import { machineName } from '../../workflow/names/arn.js';
import { differenceLines, endText, stepRows } from '../rehearsal/rehearsal.js';
import { differenceDocument, stepDocument } from '../rehearsal/rehearsal-document.js';
import { count } from '../states/map-progress.js';
import { type Ink, paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import type { TableLook } from '../text/table.js';
import { padded, truncate } from '../text/width.js';

export interface DiffLook extends TableLook {
  color: boolean;
}

const marks = {
  added: ['+', 'green'],
  removed: ['-', 'red'],
  changed: ['~', 'yellow'],
} as const satisfies Record<ChangedState['change'], [string, keyof Ink]>;

export const sameDefinitions = ({ machine, states }: DefinitionDiff): boolean =>
  machine.length === 0 && states.length === 0;
export const sameExecutions = ({ ways, definitions }: ExecutionDiff): boolean =>
  ways.first === undefined && definitions === undefined;

/** `diff -o json` of two definitions. */
export const definitionDiffDocument = (diff: DefinitionDiff) => ({
  kind: 'definitions',
  before: diff.before.reference,
  after: diff.after.reference,
  same: sameDefinitions(diff),
  machine: diff.machine.map(fieldDocument),
  states: diff.states.map(stateDocument),
  inUse: diff.inUse ?? null,
});

const fieldDocument = ({ path, before, after }: Difference) => ({
  path,
  before: parsedText(before),
  after: parsedText(after),
});
const stateDocument = ({ stateName, type, change, before, fields, transitions }: ChangedState) => ({
  stateName,
  type,
  change,
  ...(before !== undefined && { nameBefore: before }),
  fields: fields.map(fieldDocument),
  transitions: transitions.map((moved) => ({
    by: moved.by,
    before: moved.before ?? null,
    after: moved.after ?? null,
  })),
});

function parsedText(text: string | undefined): unknown {
  if (text === undefined) return null;
  try {
    return parseWritten(text);
  } catch {
    return text;
  }
}

export function definitionDiffLines(diff: DefinitionDiff, look: DiffLook): string[] {
  const ink = paint(look.color);
  const columns = look.stdoutIsTTY ? look.columns : 1000;
  const lines = [
    `${ink.bold(oneLine(diff.before.reference))} → ${ink.bold(oneLine(diff.after.reference))}  ${summary(diff)}`,
  ];
  if (diff.machine.length > 0) lines.push('', ...fieldLines(diff.machine, columns, ink, '  '));
  for (const state of diff.states) {
    const [mark, color] = marks[state.change];
    const was = state.before === undefined ? '' : `  was ${oneLine(state.before)}`;
    lines.push('', `${ink[color](`${mark} ${oneLine(state.stateName)}`)}  ${ink.dim(state.type)}${was}`);
    lines.push(...fieldLines(state.fields, columns, ink, '    '));
    for (const moved of state.transitions) lines.push(truncateStyled(moved, columns, ink));
  }
  if (diff.inUse) lines.push('', ...inUseLines(diff.inUse));
  return lines;
}

function summary(diff: DefinitionDiff): string {
  if (sameDefinitions(diff)) return 'no difference';
  const of = (change: ChangedState['change']): number =>
    diff.states.filter((state) => state.change === change).length;
  const parts = (['changed', 'added', 'removed'] as const)
    .filter((change) => of(change) > 0)
    .map((change) => `${of(change)} ${change}`);
  return parts.length === 0 ? 'states are the same' : `states: ${parts.join(', ')}`;
}

function fieldLines(fields: Difference[], columns: number, ink: Ink, indent: string): string[] {
  return fields.flatMap(({ path, before, after }) => [
    `${indent}${oneLine(path.replace(/^\$\./, ''))}`,
    ...(before === undefined ? [] : [ink.red(truncate(`${indent}  - ${oneLine(before)}`, columns))]),
    ...(after === undefined ? [] : [ink.green(truncate(`${indent}  + ${oneLine(after)}`, columns))]),
  ]);
}

function truncateStyled({ by, before, after }: MovedTransition, columns: number, ink: Ink): string {
  const label = `    ${oneLine(by)}: `;
  if (before === undefined) return ink.green(truncate(`${label}→ ${oneLine(after ?? '')}`, columns));
  if (after === undefined) return ink.red(truncate(`${label}no longer → ${oneLine(before)}`, columns));
  return truncate(`${label}→ ${oneLine(before)}, now → ${oneLine(after)}`, columns);
}

function inUseLines({ stateMachineName, running, redrivable, more, standing, looked }: InUse): string[] {
  const some = more ? 'at least ' : '';
  if (running + redrivable === 0)
    return [`No execution of ${stateMachineName} is running or could be redriven`];
  const lines = [
    `Executions keep the definition with which they were started: ${some}${count(running)} running and ${count(redrivable)} failed ones (redrive) of ${stateMachineName}`,
  ];
  for (const { stateName, executions } of standing)
    lines.push(`  ${executions} of ${looked} running ones stand at ${oneLine(stateName)}`);
  return lines;
}

/** `diff -o json` of two executions. */
export const executionDiffDocument = (diff: ExecutionDiff) => ({
  kind: 'executions',
  before: sideDocument(diff, 'before'),
  after: sideDocument(diff, 'after'),
  same: sameExecutions(diff),
  firstDifference: diff.ways.first ? differenceDocument(diff.ways.first) : null,
  steps: diff.ways.steps.map(stepDocument),
  definition: diff.definitions
    ? {
        machine: diff.definitions.machine.map(fieldDocument),
        states: diff.definitions.states.map(stateDocument),
      }
    : null,
});

const sideDocument = (diff: ExecutionDiff, side: 'before' | 'after') => ({
  executionArn: diff[side].executionArn ?? null,
  name: diff[side].name,
  input: diff[side].input ?? null,
  ...diff.ends[side],
});

export function executionDiffLines(diff: ExecutionDiff, look: DiffLook): string[] {
  const ink = paint(look.color);
  const columns = look.stdoutIsTTY ? look.columns : 1000;
  const { before, after, ends, ways, definitions } = diff;
  const heads: [string, string] =
    before.name === after.name ? ['before', 'after'] : [before.name, after.name];
  const lines: string[] = [];
  const field = (name: string, value: string): void =>
    void lines.push(`  ${ink.dim(padded(name, 7))} ${truncate(oneLine(value), columns - 10)}`);
  for (const side of ['before', 'after'] as const) {
    const { name, stateMachineArn, input } = diff[side];
    lines.push(`${side === 'before' ? '-' : '+'} ${ink.bold(oneLine(name))}`);
    if (stateMachineArn) field('machine', machineName(stateMachineArn));
    field('ended', endText(ends[side]));
    if (input !== undefined) field('input', input);
    if (ends[side].output !== undefined) field('output', ends[side].output ?? '');
  }
  if (definitions)
    field('note', `they ran different definitions: ${definitions.states.length} states differ`);
  lines.push('');
  if (!ways.first) return [...lines, 'Both went the same way'];
  lines.push(ink.bold('First difference'), ...differenceLines(ways.first, { ...look, columns }, ink));
  const parting = ways.steps.find(({ standing }) => standing === 'new' || standing === 'notReached');
  if (parting?.difference && parting.difference !== ways.first)
    lines.push(ink.bold('Ways part'), ...differenceLines(parting.difference, { ...look, columns }, ink));
  return [...lines, '', ...stepRows(ways.steps, look, ink, heads)];
}
