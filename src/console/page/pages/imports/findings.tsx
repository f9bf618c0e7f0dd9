import { useState } from 'preact/hooks';
import type { ImportCheckDocument } from '../../../api.js';
import { t } from '../../text/index.js';
import { saidText } from '../../text/translations/page-language.js';
import { Button } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';

const FIRST = 6;

/** What the check found, errors first; each with its place in the file. */
export function Findings({
  problems,
}: {
  problems: ImportCheckDocument['files'][number]['check']['problems'];
}) {
  const [all, setAll] = useState(false);
  if (problems.length === 0) return null;
  const sorted = [...problems].sort(
    (a, b) => Number(a.severity !== 'error') - Number(b.severity !== 'error'),
  );
  const shown = all ? sorted : sorted.slice(0, FIRST);
  const words = t().imports;
  return (
    <ul class="findings" aria-label={words.findings}>
      {shown.map(({ severity, code, line, column, message, count, fix }) => (
        <li key={`${code} ${line} ${column}`}>
          <span class={severity === 'error' ? 'look-failed' : 'look-waiting'}>
            <Icon name="warning" /> {fix === 'done' ? words.mended : words.severities[severity]}
          </span>
          <span class="mono">{`${line}:${column}`}</span>
          <span>
            {saidText(message)}
            {count !== undefined && <span class="muted"> {words.inAll(count)}</span>}
          </span>
        </li>
      ))}
      {sorted.length > shown.length && (
        <li>
          <Button kind="quiet" onClick={() => setAll(true)}>
            {t().shell.moreItems(sorted.length - shown.length)}
          </Button>
        </li>
      )}
    </ul>
  );
}
