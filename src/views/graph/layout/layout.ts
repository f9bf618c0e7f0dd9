import { arrange } from './order.js';
import { type Item, type LayoutEdge, type LayoutNode, type Link, rankGraph } from './ranks.js';
import { assignTracks, type Net } from './tracks.js';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
export type Point = [x: number, y: number];
export interface Line {
  /** Corners, from the source to the target; only horizontal and vertical pieces. */
  points: Point[];
  arrow: boolean;
  /** Index of the edge it is drawn for; lines to the same box share a trunk, which is the first one's. */
  edge: number;
}
export interface Layout {
  width: number;
  height: number;
  /** In the order of the nodes. */
  nodes: Box[];
  /** In the order of the edges; undefined where there is no label. */
  labels: (Box | undefined)[];
  lines: Line[];
}
export interface Spacing {
  /** Between neighbours in a rank. */
  gap: number;
  /** Positions are multiples of it. */
  grid: number;
  /** Height of one track of lines between two ranks, and what is left free above and below the tracks. */
  track: number;
  margin: number;
}

/** A layered drawing of a graph: boxes, labels and lines that do not overlap. `nodes[0]` is where it begins. */
export function layOut(nodes: LayoutNode[], edges: LayoutEdge[], spacing: Spacing): Layout {
  const { ranks, links } = rankGraph(nodes, edges);
  arrange({ ranks, links }, spacing.gap, spacing.grid);
  const { channels, tops } = rows(ranks, links, spacing);
  const places: Layout = {
    width: 0,
    height: 0,
    nodes: [],
    labels: edges.map(() => undefined),
    lines: [],
  };
  /** The edge of the line that goes on below an item. */
  const below = new Map(
    links.flatMap(({ channel, from, to, edge }) =>
      [from, to].filter((item) => item.rank === channel).map((item) => [item, edge] as const),
    ),
  );
  const heights = ranks.map((rank) => Math.max(0, ...rank.map(({ height }) => height)));
  for (const [rank, items] of ranks.entries()) {
    const top = tops[rank] ?? 0;
    for (const item of items) {
      const box = { x: item.x - item.width / 2, y: top, width: item.width, height: item.height };
      if (item.kind === 'node') places.nodes[item.index] = box;
      else if (item.kind === 'label') places.labels[item.index] = box;
      // A shorter box, or a line that passes: on to where the channel begins.
      const bottom = top + (heights[rank] ?? 0);
      const from = top + item.height;
      const edge = below.get(item);
      if (bottom > from && edge !== undefined)
        places.lines.push({
          points: [
            [item.x, from],
            [item.x, bottom],
          ],
          arrow: false,
          edge,
        });
    }
  }
  for (const link of links) {
    const { track, height, top } = channels.get(link.channel)?.get(link.net) ?? {
      track: 0,
      height: 0,
      top: 0,
    };
    const y = top + spacing.margin + track * spacing.track;
    const end = (item: Item): Point => [item.x, item.rank > link.channel ? top + height : top];
    const [from, to] = [end(link.from), end(link.to)];
    const points: Point[] =
      from[0] === to[0] && from[1] !== to[1] ? [from, to] : [from, [from[0], y], [to[0], y], to];
    places.lines.push({ points, arrow: link.arrow, edge: link.edge });
  }
  return shifted(places);
}

/** Where each rank begins, and the tracks in the channels between them. */
function rows(ranks: Item[][], links: Link[], { track, margin }: Spacing) {
  const channels = new Map<number, Map<number, { track: number; height: number; top: number }>>();
  const tops: number[] = [];
  let y = 0;
  for (let channel = -1; channel < ranks.length; channel++) {
    if (channel >= 0) {
      tops[channel] = y;
      y += Math.max(0, ...(ranks[channel] ?? []).map(({ height }) => height));
    }
    const here = links.filter((link) => link.channel === channel);
    if (here.length === 0 && (channel < 0 || channel === ranks.length - 1)) continue;
    const { tracks, count } = assignTracks(netsOf(here));
    const height = 2 * margin + Math.max(0, count - 1) * track;
    channels.set(
      channel,
      new Map([...tracks].map(([net, number]) => [net, { track: number, height, top: y }])),
    );
    y += height;
  }
  return { channels, tops };
}

function netsOf(links: Link[]): Net[] {
  const nets = new Map<number, Net>();
  for (const { net, channel, from, to } of links) {
    let known = nets.get(net);
    if (!known) {
      known = { id: net, above: new Set(), below: new Set() };
      nets.set(net, known);
    }
    for (const item of [from, to]) known[item.rank > channel ? 'below' : 'above'].add(item.x);
  }
  return [...nets.values()];
}

/** Moved so that everything begins at (0, 0). */
function shifted(layout: Layout): Layout {
  const boxes = [...layout.nodes, ...layout.labels.filter((box) => box !== undefined)];
  const points = layout.lines.flatMap((line) => line.points);
  const xs = [...boxes.map(({ x }) => x), ...points.map(([x]) => x)];
  const minX = xs.reduce((least, x) => Math.min(least, x), boxes.length > 0 ? Number.POSITIVE_INFINITY : 0);
  for (const box of boxes) box.x -= minX;
  for (const point of points) point[0] -= minX;
  const largest = (values: number[]): number => values.reduce((most, value) => Math.max(most, value), 0);
  layout.width = largest([...boxes.map(({ x, width }) => x + width), ...points.map(([x]) => x)]);
  layout.height = largest([...boxes.map(({ y, height }) => y + height), ...points.map(([, y]) => y)]);
  return layout;
}
