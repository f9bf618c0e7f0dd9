import type { FlowGraph, FlowState } from '../../workflow/definition/graph.js';
import type { ExecutionModel } from '../../workflow/history/execution-model.js';
import { lookOf } from './overlay.js';

/** What an execution did in a state; `milliseconds`: of all the times that it was left. */
interface RanState {
  status: string;
  entered: number;
  exited: number;
  failed: number;
  milliseconds: number;
}

/** `graph -o json`: states and transitions; of an execution its status, and of each state what ran (null: not entered). */
export type GraphDocument = Omit<FlowGraph, 'states'> & {
  status?: string;
  states: (Omit<FlowState, 'inside'> & { ran?: RanState | null; inside: GraphDocument[] })[];
};

export function graphDocument(flow: FlowGraph, model?: ExecutionModel): GraphDocument {
  const inner = (graph: FlowGraph): GraphDocument => ({
    ...graph,
    states: graph.states.map((state) => ({
      ...state,
      ...(model && { ran: ranIn(state.name, model) }),
      inside: state.inside.map(inner),
    })),
  });
  return { ...(model && { status: model.status }), ...inner(flow) };
}

function ranIn(name: string, model: ExecutionModel): RanState | null {
  const totals = model.totals.get(name);
  if (!totals) return null;
  const { entered, exited, failed, milliseconds } = totals;
  return { status: lookOf(totals, model), entered, exited, failed, milliseconds };
}
