import { type Json, parsedAsWritten } from '../../json/json.js';
import type { DeskStep, OpenedExecution } from '../../operations/desk/snapshot.js';
import { executionParts } from '../../workflow/names/arn.js';
import { type StateRow, stateRows } from '../states/state-rows.js';
import { busiest, visibleRows, type WatchView } from '../watch/keys.js';
import type { Watched } from '../watch/screen-lines.js';
import type { ExecutionPlace } from './state.js';

/** As the view of a followed execution wants it; undefined while nothing is known. */
export function watchedOf({ executionArn, model, mapRuns }: OpenedExecution): Watched | undefined {
  const { name = executionArn, stateMachineArn } = executionParts(executionArn);
  return model && { name, machineName: stateMachineArn?.split(':').at(-1), model, mapRuns };
}

/** All rows of its tree of states. */
export const rowsOfStates = (
  { model, mapRuns }: OpenedExecution,
  view: WatchView,
  now: number,
): StateRow[] => (model ? stateRows(model, mapRuns, now, view.opened) : []);

/** The row that keys are about: the chosen one, else the one that is worth a look. */
export function chosenState(rows: StateRow[], view: WatchView): StateRow | undefined {
  const shown = visibleRows(rows, view);
  return shown.find(({ key }) => key === view.cursor) ?? shown[busiest(shown)] ?? shown[0];
}

/** The same view with what keys are about marked. */
export function markedView(rows: StateRow[], view: WatchView): WatchView {
  return { ...view, cursor: chosenState(rows, view)?.key };
}

/** Input, output and failure: of the state whose data are shown, or of the execution. */
export function dataShown(
  place: ExecutionPlace,
  opened: OpenedExecution,
  now: number,
): { name: string; value: Json } {
  const row =
    place.dataOf === undefined
      ? undefined
      : rowsOfStates(opened, place.view, now).find(({ key }) => key === place.dataOf);
  const node = row?.node;
  if (node) {
    const { name, input, output, error, cause } = node;
    return { name, value: jsonOf({ input, output, error, cause }) };
  }
  const { model, input, output } = opened;
  const { error, cause } = model?.failure ?? {};
  return {
    name: executionParts(opened.executionArn).name ?? opened.executionArn,
    value: jsonOf({ input: input ?? model?.input, output: output ?? model?.output, error, cause }),
  };
}

/** What a step was sent, and what came into its state. */
export const dataOfStep = ({ asked, input }: DeskStep): Json => jsonOf({ asked, input });

const jsonOf = (texts: Record<string, string | undefined>): Json =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) =>
      text === undefined ? [] : [[name, name === 'error' ? text : (parsedAsWritten(text) ?? text)]],
    ),
  );
