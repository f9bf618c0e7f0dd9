import { now } from '../../core/now.js';
import { t } from '../../text/index.js';
import { durationText } from '../../ui/time.js';

/** In the last hour a deadline is urgent. */
const URGENT = 3_600_000;

export function Left({ at }: { at: number }) {
  const left = at - now.value;
  return (
    <span class={left < URGENT ? 'look-failed' : 'muted'}>
      {left > 0 ? t().paused.left(durationText(left)) : t().paused.over}
    </span>
  );
}
