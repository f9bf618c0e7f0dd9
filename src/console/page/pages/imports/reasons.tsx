import { t } from '../../text/index.js';

interface Group {
  reason: string;
  kind: string;
  count: number;
  lines: (number | null)[];
}

/** Why rows failed, the most frequent reason first. */
export function Reasons({ groups }: { groups: readonly Group[] }) {
  const words = t().imports;
  return (
    <section class="block">
      <h2>{words.reasons}</h2>
      <ul class="reasons">
        {groups.map(({ reason, kind, count, lines }) => {
          const known = lines.filter((line) => line !== null);
          return (
            <li key={reason}>
              <strong class="count">{count}</strong>
              <span>
                {reason}
                {kind === 'transient' && <span class="badge">{words.transient}</span>}
              </span>
              {known.length > 0 && <span class="muted">{words.lines(known.join(', '))}</span>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
