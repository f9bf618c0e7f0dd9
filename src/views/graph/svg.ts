import type { FlowGraph, FlowState } from '../../workflow/definition/graph.js';
import { oneLine } from '../text/safe-text.js';
import type { Look } from '../text/status-look.js';
import type { Overlay } from './overlay.js';
import { type Picture, pictureOf } from './picture.js';
import {
  cut,
  FONT,
  headerOf,
  LINE,
  LONGEST_LABEL,
  LONGEST_NAME,
  linesOf,
  MARGIN,
  metricsFor,
  rounded,
} from './svg-shapes.js';

/** A drawing as an SVG document, which needs nothing else to be looked at. */
export function graphSvg(graph: FlowGraph, overlay: Overlay | undefined): string {
  const metrics = metricsFor(overlay);
  const picture = pictureOf(graph, metrics);
  const [width, height] = [picture.width + 2 * MARGIN, picture.height + 2 * MARGIN].map(Math.ceil);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, 'Noto Sans Mono CJK JP', monospace" font-size="${FONT}">`,
    `<style>${style}</style>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#78828c"/></marker></defs>',
    ...picture.states.filter(({ container }) => container).map((state) => boxOf(state, overlay)),
    ...picture.lines.map(
      ({ points, arrow, kind }) =>
        `<path class="line ${kind}" d="${rounded(points)}"${arrow ? ' marker-end="url(#arrow)"' : ''}/>`,
    ),
    ...picture.starts.map(
      ({ x, y, width, height }) =>
        `<circle class="start" cx="${x + width / 2}" cy="${y + height / 2}" r="${height / 2}"/>`,
    ),
    ...picture.states.filter(({ container }) => !container).map((state) => boxOf(state, overlay)),
    ...picture.labels.map(({ x, y, width, height, text, kind }) =>
      textAt(x + width / 2, y + height / 2, cut(text, LONGEST_LABEL), `label ${kind}`),
    ),
    '</svg>',
    '',
  ].join('\n');
}

const style = `rect{fill:#fff;stroke:#78828c;stroke-width:1.2}rect.end{stroke-width:2.4}rect.container{fill:#f6f8fa;stroke-dasharray:5 3}
.succeeded{fill:#e3f6e5;stroke:#2e8b3a}.failed{fill:#fde8e8;stroke:#c62828}.caught,.waiting,.retrying{fill:#fff6d9;stroke:#b7860b}.running{fill:#e2f1fd;stroke:#1c6fb5}.aborted{fill:#f3e8f7;stroke:#7b3f98}.plain{fill:#fff;stroke:#c4cad0}
.line{fill:none;stroke:#78828c;stroke-width:1.2}.line.catch{stroke:#c62828;stroke-dasharray:4 3}.start{fill:#78828c}
text{text-anchor:middle;dominant-baseline:central;fill:#1f2328}text.note,text.label{fill:#57606a}text.label.catch{fill:#c62828}text.header{text-anchor:start;font-weight:bold}text.name{font-weight:bold}`;

const lookClass = (state: FlowState, overlay: Overlay | undefined): Look | '' =>
  overlay ? (overlay.get(state.name)?.look ?? 'plain') : '';

function boxOf(box: Picture['states'][number], overlay: Overlay | undefined): string {
  const { x, y, width, height, state, container } = box;
  const classes = [container ? 'container' : '', state.end ? 'end' : '', lookClass(state, overlay)];
  const rect = `<rect class="${classes.filter(Boolean).join(' ')}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${state.type === 'Choice' ? 14 : 4}"/>`;
  const title = `<title>${escaped(state.name)}</title>`;
  if (container) {
    return `<g>${title}${rect}${textAt(x + 10, y + LINE / 2 + 4, cut(headerOf(state, overlay), LONGEST_NAME + 30), 'header')}</g>`;
  }
  const texts = linesOf(state, overlay).map((line, index) =>
    textAt(
      x + width / 2,
      y + 5 + LINE * (index + 0.5),
      cut(line, LONGEST_NAME),
      index === 0 ? 'name' : 'note',
    ),
  );
  return `<g>${title}${rect}${texts.join('')}</g>`;
}

const textAt = (x: number, y: number, text: string, classes: string): string =>
  `<text class="${classes}" x="${x}" y="${y}">${escaped(text)}</text>`;

/** No control character, half of one or U+FFFE may stand in XML, however it is written: they are shown. */
const escaped = (text: string): string =>
  oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
