import { parseWritten } from '../../json/lossless.js';
import type { Rehearsal } from '../../operations/rehearsal/rehearse-execution.js';
import { graphOf } from '../../workflow/definition/graph.js';
import type { StepStanding } from '../../workflow/rehearsal/compare-ways.js';
import type { Overlay } from '../graph/overlay.js';
import { graphLines } from '../graph/terminal.js';
import { count } from '../states/map-progress.js';
import { lineText } from '../states/styled-lines.js';
import type { Look } from '../text/status-look.js';
import { standings } from './rehearsal.js';

const looks: Record<StepStanding, Look> = {
  same: 'succeeded',
  changed: 'caught',
  new: 'running',
  notReached: 'aborted',
};

/** Of a state that was entered several times, what is told first. */
const telling: StepStanding[] = ['changed', 'new', 'notReached', 'same'];

/** The definition that was rehearsed, its states coloured by how they stand to the way then. */
export function rehearsalGraphLines({ order, ways, played }: Rehearsal, color: boolean): string[] {
  const byName = new Map<string, StepStanding[]>();
  for (const { place, standing } of ways.steps)
    byName.set(place.stateName, [...(byName.get(place.stateName) ?? []), standing]);
  const overlay: Overlay = new Map();
  for (const [name, all] of byName) {
    const [told = 'same'] = telling.filter((one) => all.includes(one));
    const visits = all.length > 1 ? `  ${count(all.length)} ×` : '';
    overlay.set(name, { look: looks[told], note: `${standings[told].word}${visits}` });
  }
  const { missing } = played;
  if (missing) overlay.set(missing.place.stateName, { look: 'failed', note: 'answer missing' });
  const flow = graphOf(parseWritten(order.definition));
  return graphLines(flow, overlay).map((line) => lineText(line, color));
}
