import { useState } from 'preact/hooks';
import type { ExecutionDiffDocument } from '../../../api.js';
import { pathTo } from '../../core/router.js';
import { t } from '../../text/index.js';
import { Link } from '../../ui/button.js';
import { JsonTree } from '../../ui/json-tree.js';
import { Status } from '../../ui/status.js';
import { type Column, VirtualList } from '../../ui/virtual-list.js';

type Step = ExecutionDiffDocument['steps'][number];
type Part = NonNullable<ExecutionDiffDocument['firstDifference']>;

/** The first difference, then the steps of both. */
export function Difference({ diff }: { diff: ExecutionDiffDocument }) {
  const [differing, setDiffering] = useState(true);
  const words = t().execution;
  const { before, after, firstDifference, definition, steps } = diff;
  const shown = differing ? steps.filter(({ standing }) => standing !== 'same') : steps;
  return (
    <>
      <div class="two">
        <Side head={words.there} side={before} />
        <Side head={words.here} side={after} />
      </div>
      {definition && <p class="badge warn">{words.otherDefinition(definition.states.length)}</p>}
      {firstDifference ? (
        <section class="first-difference">
          <h2>{words.firstDifference}</h2>
          <p>{differenceText(firstDifference)}</p>
          {firstDifference.what !== 'way' && (
            <div class="two">
              <JsonTree label={words.there} text={JSON.stringify(firstDifference.before)} />
              <JsonTree label={words.here} text={JSON.stringify(firstDifference.after)} />
            </div>
          )}
        </section>
      ) : (
        <p>{words.same}</p>
      )}
      {steps.length > 0 && (
        <section class="filled compare-steps">
          <div class="filters">
            <h2>{words.steps}</h2>
            <label>
              <input type="checkbox" checked={differing} onChange={() => setDiffering(!differing)} />{' '}
              {words.differing}
            </label>
          </div>
          <VirtualList
            label={words.steps}
            rows={shown}
            keyOf={keyOf}
            columns={columns()}
            empty={words.same}
            rowHeight={30}
          />
        </section>
      )}
    </>
  );
}

const keyOf = ({ stateName, iterations, visit, standing }: Step): string =>
  `${stateName} ${iterations.join('.')} ${visit} ${standing}`;

function Side({ head, side }: { head: string; side: ExecutionDiffDocument['before'] }) {
  return (
    <p class="side">
      <span class="muted">{head}</span> <Status status={side.status} />{' '}
      {side.executionArn === null ? (
        side.name
      ) : (
        <Link href={pathTo.execution(side.executionArn)}>{side.name}</Link>
      )}
    </p>
  );
}

const placeText = ({ stateName = '', iterations = [] }: Partial<Pick<Part, 'stateName' | 'iterations'>>) =>
  `${stateName}${iterations.map((index) => `[${index}]`).join('')}`;

const differenceText = (part: Part): string =>
  `${part.stateName === undefined ? t().execution.theEnd : placeText(part)}: ${whatText(part)}`;

function whatText(part: Part): string {
  const words = t().execution;
  const instead = part.instead ? ` ${words.instead(placeText(part.instead))}` : '';
  const path = part.path === '$' || part.what === 'way' ? '' : ` ${part.path}`;
  return `${words.parts[part.what]}${path}${instead}`;
}

function columns(): Column<Step>[] {
  const words = t().execution;
  return [
    {
      key: 'name',
      head: words.state,
      width: 'minmax(140px, 2fr)',
      cell: (step) => <span title={step.stateName}>{placeText(step)}</span>,
    },
    { key: 'type', head: words.type, width: '90px', cell: ({ type }) => <span class="muted">{type}</span> },
    {
      key: 'how',
      head: words.what,
      width: 'minmax(120px, 3fr)',
      cell: ({ standing, difference }) => (
        <span class={standing === 'same' ? 'muted' : ''}>
          {words.standing[standing]}
          {difference && <span class="muted"> · {whatText(difference)}</span>}
        </span>
      ),
    },
  ];
}
