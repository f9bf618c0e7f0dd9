import type { Item, Link, Ranked } from './ranks.js';

/** Orders the items of each rank so that few lines cross, then gives each its `x`. */
export function arrange(ranked: Ranked, gap: number, grid: number): void {
  const neighbours = neighboursOf(ranked.links);
  orderRanks(ranked, neighbours);
  placeRanks(ranked.ranks, neighbours, gap, grid);
}

type Neighbours = Map<Item, { above: Item[]; below: Item[] }>;

function neighboursOf(links: Link[]): Neighbours {
  const found: Neighbours = new Map();
  const of = (item: Item) => {
    let both = found.get(item);
    if (!both) {
      both = { above: [], below: [] };
      found.set(item, both);
    }
    return both;
  };
  for (const { from, to } of links) {
    if (from.rank === to.rank) continue;
    const [upper, lower] = from.rank < to.rank ? [from, to] : [to, from];
    of(upper).below.push(lower);
    of(lower).above.push(upper);
  }
  return found;
}

const SWEEPS = 8;

function orderRanks({ ranks, links }: Ranked, neighbours: Neighbours): void {
  const place = new Map<Item, number>();
  const number = (rank: Item[]): void => {
    for (const [index, item] of rank.entries()) place.set(item, index);
  };
  for (const rank of ranks) number(rank);
  const sort = (rank: Item[], side: 'above' | 'below'): void => {
    const wanted = new Map(
      rank.map((item) => {
        const others = neighbours.get(item)?.[side] ?? [];
        const sum = others.reduce((total, other) => total + (place.get(other) ?? 0), 0);
        return [item, others.length > 0 ? sum / others.length : (place.get(item) ?? 0)];
      }),
    );
    rank.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
    number(rank);
  };
  let best = ranks.map((rank) => [...rank]);
  let fewest = crossings(links, place);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    if (sweep % 2 === 0) for (const rank of ranks) sort(rank, 'above');
    else for (const rank of [...ranks].reverse()) sort(rank, 'below');
    const found = crossings(links, place);
    if (found >= fewest) continue;
    fewest = found;
    best = ranks.map((rank) => [...rank]);
  }
  for (const [index, rank] of ranks.entries()) rank.splice(0, rank.length, ...(best[index] ?? []));
}

function crossings(links: Link[], place: Map<Item, number>): number {
  const channels = new Map<number, [upper: number, lower: number][]>();
  for (const { from, to } of links) {
    if (from.rank === to.rank) continue;
    const [upper, lower] = from.rank < to.rank ? [from, to] : [to, from];
    const lines = channels.get(upper.rank) ?? [];
    lines.push([place.get(upper) ?? 0, place.get(lower) ?? 0]);
    channels.set(upper.rank, lines);
  }
  let count = 0;
  for (const lines of channels.values()) {
    for (const [index, [a, b]] of lines.entries()) {
      for (const [c, d] of lines.slice(index + 1)) if ((a - c) * (b - d) < 0) count++;
    }
  }
  return count;
}

const PLACINGS = 10;
/** How far a box is moved to straighten its line, in gaps. */
const STRAY = 2;

function placeRanks(ranks: Item[][], neighbours: Neighbours, gap: number, grid: number): void {
  for (const rank of ranks) {
    let x = 0;
    for (const item of rank) {
      item.x = x + item.width / 2;
      x += item.width + gap;
    }
  }
  const settle = (rank: Item[], sides: ('above' | 'below')[]): void => {
    const wanted = rank.map((item) => {
      const others = sides.flatMap((side) => neighbours.get(item)?.[side] ?? []);
      if (others.length === 0) return { x: item.x, weight: 0.1 };
      const sum = others.reduce((total, other) => total + other.x, 0);
      // Lines that pass are kept straight before boxes are centred.
      return { x: sum / others.length, weight: item.kind === 'pass' ? 4 : 1 };
    });
    spread(rank, wanted, gap);
  };
  for (let round = 0; round < PLACINGS; round++) {
    const sides: ('above' | 'below')[] =
      round > PLACINGS - 3 ? ['above', 'below'] : [round % 2 ? 'below' : 'above'];
    for (const rank of round % 2 ? [...ranks].reverse() : ranks) settle(rank, sides);
  }
  for (const rank of ranks) {
    let least = Number.NEGATIVE_INFINITY;
    for (const item of rank) {
      const half = item.width / 2;
      item.x = Math.max(Math.round(item.x / grid) * grid, Math.ceil((least + half) / grid) * grid);
      least = item.x + half + gap;
    }
  }
  for (const rank of ranks) straighten(rank, neighbours, 'above', gap);
  for (const rank of [...ranks].reverse()) straighten(rank, neighbours, 'below', gap);
}

/** Takes the small bends out of lines: an item moves under its only neighbour where there is room. */
function straighten(rank: Item[], neighbours: Neighbours, side: 'above' | 'below', gap: number): void {
  for (const [index, item] of rank.entries()) {
    const [other, ...more] = neighbours.get(item)?.[side] ?? [];
    if (!other || more.length > 0) continue;
    // A box keeps its place between others, a line may go anywhere.
    if (item.kind !== 'pass' && Math.abs(other.x - item.x) > STRAY * gap) continue;
    const before = rank[index - 1];
    const after = rank[index + 1];
    const half = item.width / 2 + gap;
    if (before && other.x - half < before.x + before.width / 2) continue;
    if (after && other.x + half > after.x - after.width / 2) continue;
    item.x = other.x;
  }
}

/** The places nearest to those wanted (least squares) that keep order and distance: pool adjacent violators. */
function spread(rank: Item[], wanted: { x: number; weight: number }[], gap: number): void {
  const offsets: number[] = [];
  let offset = 0;
  for (const [index, item] of rank.entries()) {
    const before = rank[index - 1];
    if (before) offset += (before.width + item.width) / 2 + gap;
    offsets.push(offset);
  }
  const blocks: { x: number; weight: number; count: number }[] = [];
  for (const [index, { x, weight }] of wanted.entries()) {
    let block = { x: x - (offsets[index] ?? 0), weight, count: 1 };
    for (let last = blocks.at(-1); last && last.x > block.x; last = blocks.at(-1)) {
      const sum = last.weight + block.weight;
      block = {
        x: (last.x * last.weight + block.x * block.weight) / sum,
        weight: sum,
        count: last.count + block.count,
      };
      blocks.pop();
    }
    blocks.push(block);
  }
  let index = 0;
  for (const { x, count } of blocks) {
    for (let n = 0; n < count; n++, index++) {
      const item = rank[index];
      if (item) item.x = x + (offsets[index] ?? 0);
    }
  }
}
