import { t } from '../../text/index.js';
import { saidText } from '../../text/translations/page-language.js';
import { LongText } from '../../ui/long-text.js';

interface Group {
  reason: string;
  kind: string;
  count: number;
  lines: (number | null)[];
}

/** A row's reason is its function's; what became of the row is ours. */
function reasonText(reason: string): string {
  const [, fate, own] = /^(failed later|in the dead-letter queue): (.*)$/s.exec(reason) ?? [];
  return fate === undefined ? reason : `${saidText(fate)}: ${own}`;
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
                <LongText text={reasonText(reason)} />
                {kind === 'transient' && <span class="badge">{words.transient}</span>}
              </span>
              {known.length > 0 && <span class="muted">{words.lines(known)}</span>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
