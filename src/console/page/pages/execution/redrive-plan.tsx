import type { RedrivePlanDocument } from '../../../api.js';
import { t } from '../../text/index.js';
import { saidText } from '../../text/translations/page-language.js';
import { fullTime } from '../../ui/time.js';

/** What a redrive would do, before it is done. */
export function RedrivePlan({ plan }: { plan: RedrivePlanDocument }) {
  const words = t().execution;
  const { runsAgain, definitionChanged, redrivableUntil, permissions } = plan;
  return (
    <>
      <p>{definitionChanged ? words.changed : words.unchanged}</p>
      {runsAgain.length > 0 && (
        <div>
          <h3>{words.runsAgain}</h3>
          <ul class="names">
            {runsAgain.slice(0, MOST).map(({ stateName, what }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: branches may hold states of one name
              <li key={index}>
                <strong>{stateName}</strong> <span class="muted">{saidText(what)}</span>
              </li>
            ))}
            {runsAgain.length > MOST && <li class="muted">{t().shell.moreItems(runsAgain.length - MOST)}</li>}
          </ul>
        </div>
      )}
      {redrivableUntil !== null && <p class="muted">{words.until(fullTime(Date.parse(redrivableUntil)))}</p>}
      <details>
        <summary>{words.needs}</summary>
        <ul class="names">
          {permissions.slice(0, MOST).map(({ action, resource }) => (
            <li key={`${action} ${resource}`}>
              {action} <span class="muted">{resource}</span>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

const MOST = 20;
