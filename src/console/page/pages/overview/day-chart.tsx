import { useEffect, useRef, useState } from 'preact/hooks';
import { type Bucket, sumOf } from '../../core/executions.js';
import { go } from '../../core/router.js';
import { language } from '../../core/settings.js';
import { t } from '../../text/index.js';

const HEIGHT = 132;
/** Below the bars: the hours. */
const AXIS = 20;
const LEFT = 34;

const parts = ['succeeded', 'running', 'aborted', 'timedOut', 'failed'] as const;

/** Executions by the time they were started, failures on top; each bar opens the list of its own. */
export function DayChart({ buckets }: { buckets: readonly Bucket[] }) {
  const area = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const most = Math.max(1, ...buckets.map(sumOf));
  const top = niceTop(most);
  const step = (width - LEFT) / buckets.length;
  const room = HEIGHT - AXIS - 8;
  const time = new Intl.DateTimeFormat(language.value, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const every = step * 6 > 44 ? 6 : 12;
  return (
    <div class="chart" ref={area}>
      <svg width={width} height={HEIGHT} role="group" aria-label={t().overview.started}>
        {[0, 0.5, 1].map((share) => {
          const y = HEIGHT - AXIS - room * share;
          const value = top * share;
          return (
            <g key={share} aria-hidden="true">
              <line class="grid" x1={LEFT} x2={width} y1={y} y2={y} />
              {Number.isInteger(value) && (
                <text class="tick" x={LEFT - 6} y={y}>
                  {value}
                </text>
              )}
            </g>
          );
        })}
        {buckets.map((bucket, index) => (
          <Bar
            key={bucket.from}
            bucket={bucket}
            x={LEFT + index * step}
            width={step}
            scale={room / top}
            time={time}
          />
        ))}
        {buckets.map(({ from }, index) =>
          index % every === 0 ? (
            <text key={from} class="hour" x={LEFT + index * step} y={HEIGHT - 4} aria-hidden="true">
              {time.format(from)}
            </text>
          ) : null,
        )}
      </svg>
    </div>
  );
}

interface BarProps {
  bucket: Bucket;
  x: number;
  width: number;
  /** Pixels of one execution. */
  scale: number;
  time: Intl.DateTimeFormat;
}

function Bar({ bucket, x, width, scale, time }: BarProps) {
  const all = sumOf(bucket);
  const bad = bucket.failed + bucket.timedOut + bucket.aborted;
  const open = (): void =>
    go(`/executions?from=${new Date(bucket.from).toISOString()}&to=${new Date(bucket.to).toISOString()}`);
  let y = HEIGHT - AXIS;
  const label = t().overview.bar(time.format(bucket.from), time.format(bucket.to), all, bad);
  if (all === 0) return null;
  return (
    <g
      class="bar"
      role="button"
      tabindex={0}
      aria-label={label}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') open();
      }}
    >
      <title>{label}</title>
      <rect class="hit" x={x} y={0} width={width} height={HEIGHT - AXIS} />
      {parts.map((part) => {
        const count = bucket[part];
        if (count === 0) return null;
        const height = Math.max(1.5, count * scale);
        y -= height;
        return (
          <rect key={part} class={part} x={x + width * 0.12} y={y} width={width * 0.76} height={height} />
        );
      })}
    </g>
  );
}

/** The next round number: 1, 2, 5, 10, 20, … */
function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 5, 10].map((factor) => factor * power).find((value) => value >= most) ?? most;
}
