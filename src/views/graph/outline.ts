import type { FlowGraph, FlowState } from '../../workflow/definition/graph.js';
import type { Line } from '../states/styled-lines.js';
import { colors, glyphs } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import type { Overlay } from './overlay.js';

/** The same as a list, for terminals narrower than the picture: each state, and under it where it leads. */
export function* outlineLines(graph: FlowGraph, overlay: Overlay | undefined, depth = 0): Iterable<Line> {
  const indent = '  '.repeat(depth);
  for (const state of graph.states) {
    yield stateLine(state, graph.startAt, indent, overlay);
    for (const inner of state.inside) yield* outlineLines(inner, overlay, depth + 2);
    for (const { from, to, kind, labels } of graph.transitions) {
      if (from !== state.name) continue;
      const when = labels.length > 0 ? `  ${oneLine(labels.join(' or '))}` : '';
      const style = kind === 'catch' ? ({ color: 'red' } as const) : { dim: true };
      yield [{ text: `${indent}    → ${oneLine(to)}` }, { text: when, ...style }];
    }
  }
}

function stateLine(state: FlowState, startAt: string, indent: string, overlay: Overlay | undefined): Line {
  const ran = overlay?.get(state.name);
  const look = overlay && (ran?.look ?? 'plain');
  const mark = ran ? `${glyphs[ran.look]} ` : state.name === startAt ? '● ' : state.end ? '◼ ' : '  ';
  const kind = [state.detail, state.type].filter(Boolean).join(' ');
  return [
    { text: `${indent}${mark}`, ...(look && { color: colors[look] }) },
    { text: oneLine(state.name), bold: true },
    { text: `  ${kind}${ran?.note ? `  ${ran.note}` : ''}`, dim: true },
  ];
}
