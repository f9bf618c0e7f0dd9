import type { Overlay } from '../../../../views/graph/overlay.js';
import type { Picture } from '../../../../views/graph/picture.js';
import { cut, headerOf, LINE, LONGEST_NAME, linesOf } from '../../../../views/graph/svg-shapes.js';

interface BoxProps {
  box: Picture['states'][number];
  overlay?: Overlay;
  selected: boolean;
  onSelect?(name: string): void;
}

/** A state: its name, what it is, and what ran of it. */
export function StateBox({ box, overlay, selected, onSelect }: BoxProps) {
  const { x, y, width, height, state, container } = box;
  const ran = overlay?.get(state.name);
  const look = overlay ? (ran?.look ?? 'plain') : '';
  const name = [state.name, state.type, state.detail, ran?.note, look].filter(Boolean).join(', ');
  const choose = onSelect && (() => onSelect(state.name));
  return (
    <g
      class={`flow-state ${look}${container ? ' container' : ''}${state.end ? ' end' : ''}${selected ? ' selected' : ''}`}
      role={choose ? 'button' : 'img'}
      aria-pressed={choose ? selected : undefined}
      tabindex={choose ? 0 : undefined}
      onClick={choose}
      onKeyDown={(event) => {
        if (!choose || (event.key !== 'Enter' && event.key !== ' ')) return;
        event.preventDefault();
        event.stopPropagation();
        choose();
      }}
    >
      <title>{name}</title>
      <rect x={x} y={y} width={width} height={height} rx={state.type === 'Choice' ? 14 : 5} />
      {container ? (
        <text class="header" x={x + 10} y={y + LINE / 2 + 4}>
          {cut(headerOf(state, overlay), LONGEST_NAME + 30)}
        </text>
      ) : (
        linesOf(state, overlay).map((line, index) => (
          <text
            // biome-ignore lint/suspicious/noArrayIndexKey: name, kind, note
            key={index}
            class={index === 0 ? 'name' : 'note'}
            x={x + width / 2}
            y={y + 5 + LINE * (index + 0.5)}
          >
            {cut(line, LONGEST_NAME)}
          </text>
        ))
      )}
    </g>
  );
}
