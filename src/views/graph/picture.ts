import type { FlowGraph, FlowState, FlowTransition } from '../../workflow/definition/graph.js';
import { type Box, type Line, layOut, type Spacing } from './layout/layout.js';
import type { Size } from './layout/ranks.js';

/** Everything that a drawing shows, in the units of its metrics; nothing overlaps but a container and what it holds. */
export interface Picture extends Size {
  /** Containers before what they hold. */
  states: (Box & { state: FlowState; container: boolean })[];
  labels: (Box & { text: string; kind: FlowTransition['kind'] })[];
  lines: (Line & { kind: FlowTransition['kind'] })[];
  /** Where a scope begins. */
  starts: Box[];
}

/** How large things are on the medium: columns and rows, or pixels. */
export interface Metrics {
  state(state: FlowState): Size;
  /** The line that names a container. */
  header(state: FlowState): Size;
  label(text: string): Size;
  start: Size;
  /** Between a container's border and what it holds. */
  padding: Size;
  spacing: Spacing;
}

/** Draws a graph with all that is inside its states. */
export function pictureOf(graph: FlowGraph, metrics: Metrics): Picture {
  const inner = graph.states.map((state) => insideOf(state, metrics));
  const labelText = ({ labels }: FlowTransition): string => labels.join(' | ');
  const first = graph.states.findIndex(({ name }) => name === graph.startAt);
  // A prefix keeps the start apart from a state of whatever name.
  const id = (name: string): string => `state ${name}`;
  const nodes = [
    { id: 'start', ...metrics.start },
    ...graph.states.map((state, index) => ({ id: id(state.name), ...sizeOf(state, inner[index], metrics) })),
  ];
  const begin = first < 0 ? [] : [{ from: 'start', to: id(graph.startAt) }];
  const layout = layOut(
    nodes,
    [
      ...begin,
      ...graph.transitions.map((transition) => ({
        from: id(transition.from),
        to: id(transition.to),
        label: transition.labels.length > 0 ? metrics.label(labelText(transition)) : undefined,
      })),
    ],
    metrics.spacing,
  );
  const kindOf = (edge: number): FlowTransition['kind'] =>
    graph.transitions[edge - begin.length]?.kind ?? 'next';
  const picture: Picture = {
    width: layout.width,
    height: layout.height,
    states: [],
    labels: layout.labels.flatMap((box, edge) => {
      const transition = graph.transitions[edge - begin.length];
      return box && transition ? [{ ...box, text: labelText(transition), kind: transition.kind }] : [];
    }),
    lines: layout.lines.map((line) => ({ ...line, kind: kindOf(line.edge) })),
    starts: first < 0 ? [] : layout.nodes.slice(0, 1),
  };
  for (const [index, state] of graph.states.entries()) {
    const box = layout.nodes[index + 1];
    if (!box) continue;
    picture.states.push({ ...box, state, container: state.inside.length > 0 });
    const within = inner[index];
    if (within) addInside(picture, within, box, metrics.header(state), metrics);
  }
  return picture;
}

/** The branches of a Parallel side by side, or the processor of a Map. */
function insideOf(state: FlowState, metrics: Metrics): Picture | undefined {
  if (state.inside.length === 0) return undefined;
  const whole: Picture = { width: 0, height: 0, states: [], labels: [], lines: [], starts: [] };
  for (const graph of state.inside) {
    const part = pictureOf(graph, metrics);
    const x = whole.width === 0 ? 0 : whole.width + metrics.spacing.gap;
    addPicture(whole, part, x, 0);
    whole.width = x + part.width;
    whole.height = Math.max(whole.height, part.height);
  }
  return whole;
}

function sizeOf(state: FlowState, inner: Picture | undefined, metrics: Metrics): Size {
  if (!inner) return metrics.state(state);
  const header = metrics.header(state);
  const { padding, spacing } = metrics;
  // An even number of grid steps on both sides of the centre.
  const even = (length: number): number =>
    Math.ceil((length - 1) / (2 * spacing.grid)) * 2 * spacing.grid + 1;
  return {
    width: even(Math.max(inner.width, header.width) + 2 * padding.width),
    height: inner.height + header.height + 2 * padding.height,
  };
}

function addInside(whole: Picture, inner: Picture, box: Box, header: Size, metrics: Metrics): void {
  const { padding, spacing } = metrics;
  const free = box.width - inner.width;
  const x = box.x + Math.floor(free / 2 / spacing.grid) * spacing.grid;
  addPicture(whole, inner, x, box.y + header.height + padding.height);
}

function addPicture(whole: Picture, part: Picture, dx: number, dy: number): void {
  const moved = <T extends Box>(box: T): T => ({ ...box, x: box.x + dx, y: box.y + dy });
  for (const state of part.states) whole.states.push(moved(state));
  for (const label of part.labels) whole.labels.push(moved(label));
  for (const start of part.starts) whole.starts.push(moved(start));
  for (const line of part.lines) {
    whole.lines.push({ ...line, points: line.points.map(([x, y]) => [x + dx, y + dy]) });
  }
}
