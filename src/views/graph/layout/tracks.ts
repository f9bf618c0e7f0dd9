/** Lines of one source in a channel: the columns where they meet what is above and below it. */
export interface Net {
  id: number;
  above: Set<number>;
  below: Set<number>;
}

/**
 * Gives each net a horizontal track in the channel, the highest that is free: none lies on another's, and where a
 * column belongs to one net above and to another below, the first one's track is the higher one.
 */
export function assignTracks(nets: Net[]): { tracks: Map<number, number>; count: number } {
  const tracks = new Map<number, number>();
  const taken: [left: number, right: number][][] = [];
  const bent = nets.filter(isBent);
  for (const net of nets) if (!isBent(net)) tracks.set(net.id, 0);
  const waiting = new Set(bent);
  const mustPrecede = (a: Net, b: Net): boolean => a !== b && [...a.above].some((x) => b.below.has(x));
  while (waiting.size > 0) {
    // Round in a circle, one of them has to begin.
    const next =
      [...waiting].find((net) => ![...waiting].some((other) => mustPrecede(other, net))) ?? [...waiting][0];
    if (!next) break;
    waiting.delete(next);
    const before = bent.filter((net) => tracks.has(net.id) && mustPrecede(net, next));
    let track = Math.max(0, ...before.map((net) => (tracks.get(net.id) ?? 0) + 1));
    const [left, right] = extent(next);
    while (taken[track]?.some(([from, to]) => left <= to && right >= from)) track++;
    taken[track] ??= [];
    taken[track]?.push([left, right]);
    tracks.set(next.id, track);
  }
  return { tracks, count: Math.max(1, taken.length) };
}

const isBent = (net: Net): boolean => new Set([...net.above, ...net.below]).size > 1;

function extent(net: Net): [left: number, right: number] {
  const columns = [...net.above, ...net.below];
  return [Math.min(...columns), Math.max(...columns)];
}
