import { useTopic } from '../core/live.js';
import { locked } from '../core/token.js';
import { t } from '../text/index.js';
import { Link } from '../ui/button.js';
import { Icon } from '../ui/icon.js';

const entries = [
  { page: 'overview', path: '/', also: [] },
  { page: 'executions', path: '/executions', also: ['/map-runs'] },
  { page: 'paused', path: '/paused', also: [] },
  { page: 'imports', path: '/imports', also: [] },
  { page: 'machines', path: '/machines', also: [] },
] as const;

export function Navigation({ path }: { path: string }) {
  const words = t().shell;
  return (
    <nav class="navigation" aria-label={words.navigation}>
      {entries.map(({ page, path: href, also }) => {
        const current =
          path === href ||
          (href !== '/' && path.startsWith(`${href}/`)) ||
          also.some((one) => path.startsWith(one));
        return (
          <Link key={page} href={href} class={current ? 'current' : ''} current={current}>
            <Icon name={page} />
            <span>{words.pages[page]}</span>
            {page === 'paused' && !locked.value && <PausedCount />}
          </Link>
        );
      })}
    </nav>
  );
}

/** How many steps wait for somebody. */
function PausedCount() {
  const { rows, changes } = useTopic('paused');
  void changes.value;
  return rows.size > 0 ? <span class="count-badge">{rows.size}</span> : null;
}
