import { setQuery } from '../../core/router.js';
import { t } from '../../text/index.js';
import { Button } from '../../ui/button.js';
import { SearchField } from '../../ui/search-field.js';
import { shortTime } from '../../ui/time.js';
import type { ExecutionFilter } from './filter.js';

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;

export function FilterBar({ filter, machines }: { filter: ExecutionFilter; machines: readonly string[] }) {
  const { status = '', machine = '', text = '', from, to } = filter;
  const words = t().executions;
  const named = machine === '' || machines.includes(machine) ? machines : [machine, ...machines];
  return (
    <div class="filters" role="search">
      <SearchField value={text} label={words.filter} onInput={(next) => setQuery({ q: next })} />
      <select
        aria-label={words.status}
        value={status}
        onChange={(event) => setQuery({ status: event.currentTarget.value })}
      >
        <option value="">{`${words.status}: ${words.all}`}</option>
        <option value="bad">{words.ended}</option>
        {statuses.map((one) => (
          <option key={one} value={one}>
            {t().shell.statuses[one]}
          </option>
        ))}
      </select>
      <select
        aria-label={words.machine}
        value={machine}
        onChange={(event) => setQuery({ machine: event.currentTarget.value })}
      >
        <option value="">{words.anyMachine}</option>
        {named.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
      {(from !== undefined || to !== undefined) && (
        <Button icon="close" onClick={() => setQuery({ from: '', to: '' })}>
          {words.between(from === undefined ? '…' : shortTime(from), to === undefined ? '…' : shortTime(to))}
        </Button>
      )}
    </div>
  );
}
