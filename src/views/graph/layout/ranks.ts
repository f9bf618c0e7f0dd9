/**
 * First half of a layered drawing: which rank (row) each box stands in, and through which places the lines pass,
 * so that no line ever crosses a box. Everything between two neighbouring ranks is a *link*.
 */

export interface Size {
  width: number;
  height: number;
}
export interface LayoutNode extends Size {
  id: string;
}
export interface LayoutEdge {
  from: string;
  to: string;
  /** A label stands in a rank of its own, as a box does: it meets no other one. */
  label?: Size;
}

/** Something that stands in a rank: a node, a label, or the place where a line passes (`width` 0). */
export interface Item extends Size {
  kind: 'node' | 'label' | 'pass';
  rank: number;
  /** Centre, once placed. */
  x: number;
  /** Index of its node, or of the edge whose label it is. */
  index: number;
}
/** A line in the channel below rank `channel`, from below or above the one to below or above the other item. */
export interface Link {
  channel: number;
  from: Item;
  to: Item;
  /** The line arrives at a node: an arrow. */
  arrow: boolean;
  /** Lines with the same source may share their way. */
  net: number;
  edge: number;
}
export interface Ranked {
  ranks: Item[][];
  links: Link[];
}

/** `nodes[0]` is where it begins. */
export function rankGraph(nodes: LayoutNode[], edges: LayoutEdge[]): Ranked {
  const indexOf = new Map(nodes.map(({ id }, index) => [id, index]));
  const ends = edges.map((edge) => ({ from: indexOf.get(edge.from) ?? 0, to: indexOf.get(edge.to) ?? 0 }));
  const layers = layersOf(nodes.length, ends);
  const rankOfLayer = ranksOfLayers(layers, edges, ends);
  const depth = Math.max(0, ...rankOfLayer) + 1;
  const ranks: Item[][] = Array.from({ length: depth }, () => []);
  const place = (item: Omit<Item, 'x'>): Item => {
    const placed = { ...item, x: 0 };
    ranks[item.rank]?.push(placed);
    return placed;
  };
  const items = nodes.map(({ width, height }, index) =>
    place({ kind: 'node', rank: rankOfLayer[layers[index] ?? 0] ?? 0, width, height, index }),
  );
  const links: Link[] = [];
  const nets = new Map<Item, number>();
  const link = (channel: number, from: Item, to: Item, edge: number, arrow: boolean): void => {
    let net = nets.get(from);
    if (net === undefined) {
      net = nets.size;
      nets.set(from, net);
    }
    links.push({ channel, from, to, arrow, net, edge });
  };
  // Lines to the same box join in one trunk.
  const trunks = new Map<string, Item>();
  const pass = (to: number, rank: number, way: 'down' | 'up'): { item: Item; isNew: boolean } => {
    const key = `${way} ${to} ${rank}`;
    const known = trunks.get(key);
    if (known) return { item: known, isNew: false };
    const item = place({ kind: 'pass', rank, width: 0, height: 0, index: to });
    trunks.set(key, item);
    return { item, isNew: true };
  };
  const goDown = (start: Item, target: Item, edge: number): void => {
    let from = start;
    for (let rank = start.rank + 1; rank < target.rank; rank++) {
      const { item, isNew } = pass(target.index, rank, 'down');
      link(rank - 1, from, item, edge, false);
      if (!isNew) return;
      from = item;
    }
    link(target.rank - 1, from, target, edge, true);
  };
  const goUp = (start: Item, target: Item, edge: number): void => {
    let from = start;
    for (let rank = start.rank; rank >= target.rank; rank--) {
      const { item, isNew } = pass(target.index, rank, 'up');
      link(rank, from, item, edge, false);
      if (!isNew) return;
      from = item;
    }
    link(target.rank - 1, from, target, edge, true);
  };
  for (const [edge, { from, to }] of ends.entries()) {
    const [source, target] = [items[from], items[to]];
    if (!source || !target) continue;
    const label = edges[edge]?.label;
    let start = source;
    if (label) {
      start = place({ kind: 'label', rank: source.rank + 1, ...label, index: edge });
      link(source.rank, source, start, edge, false);
    }
    if (target.rank > start.rank) goDown(start, target, edge);
    else goUp(start, target, edge);
  }
  return { ranks, links };
}

type Ends = { from: number; to: number };

/** Longest way from the start, lines that lead back aside. What nothing leads to begins at the top as well. */
function layersOf(count: number, ends: Ends[]): number[] {
  const targets: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of ends) targets[from]?.push(to);
  const state = new Array<'open' | 'done' | undefined>(count);
  const order: number[] = [];
  const forward: Ends[] = [];
  // No recursion: a chain may be as long as AWS's limit of a definition lets it be.
  const visit = (start: number): void => {
    const path = [{ node: start, next: 0 }];
    state[start] = 'open';
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const to = targets[at.node]?.[at.next++];
      if (to === undefined) {
        state[at.node] = 'done';
        order.push(at.node);
        path.pop();
      } else if (state[to] !== 'open') {
        forward.push({ from: at.node, to });
        if (state[to] === undefined) {
          state[to] = 'open';
          path.push({ node: to, next: 0 });
        }
      }
    }
  };
  for (let node = 0; node < count; node++) if (state[node] === undefined) visit(node);
  const layers = new Array<number>(count).fill(0);
  const forwardOf = new Map<number, number[]>();
  for (const { from, to } of forward) forwardOf.set(from, [...(forwardOf.get(from) ?? []), to]);
  for (const node of order.reverse()) {
    for (const to of forwardOf.get(node) ?? []) {
      layers[to] = Math.max(layers[to] ?? 0, (layers[node] ?? 0) + 1);
    }
  }
  return layers;
}

/** The rank of each layer of nodes: a rank for labels follows where there are some. */
function ranksOfLayers(layers: number[], edges: LayoutEdge[], ends: Ends[]): number[] {
  const labelled = new Set(ends.flatMap(({ from }, edge) => (edges[edge]?.label ? [layers[from]] : [])));
  const ranks: number[] = [];
  let rank = 0;
  for (let layer = 0; layer <= Math.max(0, ...layers); layer++) {
    ranks.push(rank);
    rank += labelled.has(layer) ? 2 : 1;
  }
  // The last one's own labels have a rank too.
  if (labelled.has(ranks.length - 1)) ranks.push(rank - 1);
  return ranks;
}
