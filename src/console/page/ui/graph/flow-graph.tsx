import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import type { Overlay } from '../../../../views/graph/overlay.js';
import { pictureOf } from '../../../../views/graph/picture.js';
import { cut, LONGEST_LABEL, metricsFor, rounded } from '../../../../views/graph/svg-shapes.js';
import type { FlowGraph as Graph } from '../../../../workflow/definition/graph.js';
import { t } from '../../text/index.js';
import { IconButton } from '../button.js';
import { StateBox } from './state-box.js';
import { useView } from './view.js';

interface GraphProps {
  label: string;
  graph: Graph;
  /** What ran, by state name; with it there is room for a note in each box, so that nothing moves when one comes. */
  overlay?: Overlay;
  selected?: string;
  onSelect?(name: string): void;
  /** This state is brought into the middle, whenever it becomes another. */
  jumpTo?: string;
}

/** Reserves the room of the longest notes. */
const NOTE = '88 888 ×  88.8 min';

/** What mbc-flow itself writes into a picture. */
type GraphWords = { distributed: string; default: string };

/** A state machine as a picture: drag or arrow keys move it, the wheel with Ctrl or + and − zoom, 0 fits it. */
export function FlowGraph({ label, graph: drawn, overlay, selected, onSelect, jumpTo }: GraphProps) {
  const noted = overlay !== undefined;
  const words = t().shell.graph;
  const graph = useMemo(() => worded(drawn, words), [drawn, words]);
  const picture = useMemo(
    () => pictureOf(graph, metricsFor(noted ? reserved(graph) : undefined)),
    [graph, noted],
  );
  const area = useRef<HTMLDivElement>(null);
  const view = useView(area, picture);
  const arrow = useId();
  useEffect(() => {
    const box = picture.states.find(({ state }) => state.name === jumpTo);
    if (box) view.centre(box.x + box.width / 2, box.y + box.height / 2);
  }, [jumpTo, picture]);
  const boxes = (containers: boolean) =>
    picture.states
      .filter(({ container }) => container === containers)
      .map((box) => (
        <StateBox
          key={`${box.x} ${box.y} ${box.state.name}`}
          box={box}
          overlay={overlay}
          selected={selected === box.state.name}
          onSelect={onSelect}
        />
      ));
  return (
    <div class="flow" ref={area}>
      <svg class="flow-picture" role="group" aria-label={label} tabindex={0} {...view.events}>
        <defs>
          <marker
            id={arrow}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path class="flow-arrow" d="M0 0L8 4L0 8z" />
          </marker>
        </defs>
        <g transform={view.transform}>
          {boxes(true)}
          {picture.lines.map(({ points, arrow: ends, kind }) => (
            <path
              key={`${kind} ${points.join(' ')}`}
              class={`flow-line ${kind}`}
              d={rounded(points)}
              marker-end={ends ? `url(#${arrow})` : undefined}
            />
          ))}
          {picture.starts.map(({ x, y, width, height }) => (
            <circle
              key={`${x} ${y}`}
              class="flow-start"
              cx={x + width / 2}
              cy={y + height / 2}
              r={height / 2}
            />
          ))}
          {boxes(false)}
          {picture.labels.map(({ x, y, width, height, text, kind }) => (
            <text key={`${x} ${y} ${text}`} class={`flow-label ${kind}`} x={x + width / 2} y={y + height / 2}>
              <title>{text}</title>
              {cut(text, LONGEST_LABEL)}
            </text>
          ))}
        </g>
      </svg>
      <div class="flow-zoom">
        <IconButton icon="plus" label={words.zoomIn} onClick={() => view.zoom(1.3)} />
        <IconButton icon="minus" label={words.zoomOut} onClick={() => view.zoom(1 / 1.3)} />
        <IconButton icon="fit" label={words.fit} onClick={view.showAll} />
      </div>
    </div>
  );
}

function worded(graph: Graph, words: GraphWords): Graph {
  return {
    ...graph,
    states: graph.states.map((state) => ({
      ...state,
      ...(state.type === 'Map' && state.detail !== undefined && { detail: words.distributed }),
      inside: state.inside.map((inner) => worded(inner, words)),
    })),
    transitions: graph.transitions.map((transition) => ({
      ...transition,
      labels: transition.labels.map((label) =>
        transition.kind === 'choice' && label === 'default' ? words.default : label,
      ),
    })),
  };
}

function reserved(graph: Graph): Overlay {
  const all: Overlay = new Map();
  const visit = ({ states }: Graph): void => {
    for (const state of states) {
      all.set(state.name, { look: 'plain', note: NOTE });
      for (const inner of state.inside) visit(inner);
    }
  };
  visit(graph);
  return all;
}
