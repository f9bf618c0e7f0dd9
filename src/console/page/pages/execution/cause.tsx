import type { ExecutionFacts } from '../../../api.js';
import { pathTo } from '../../core/router.js';
import { target } from '../../core/target.js';
import { t } from '../../text/index.js';
import { saidText } from '../../text/translations/page-language.js';
import { Button, Link } from '../../ui/button.js';
import { copyText } from '../../ui/copy.js';
import { Icon } from '../../ui/icon.js';
import { JsonTree } from '../../ui/json-tree.js';
import { LongText } from '../../ui/long-text.js';
import type { Wish } from './tab-request.js';

interface CauseProps {
  facts: ExecutionFacts | undefined;
  execution: NonNullable<ExecutionFacts['execution']>;
  onOpen(part: 'steps' | 'events' | 'logs', wish: Wish): void;
}

/** Why it ended badly, decoded, and the way to what tells more. */
export function Cause({ facts, execution, onOpen }: CauseProps) {
  const { failure, status } = execution;
  if (!failure) return null;
  const words = t().execution;
  const { stateName, error, cause, message, type, frame, requestId, meaning, root, executionArn } = failure;
  const inside = root?.executionArn ?? executionArn;
  return (
    <section class={`cause ${status === 'ABORTED' ? 'aborted' : ''}`} aria-label={headOf(status, stateName)}>
      <h2>
        <Icon name="warning" />
        {headOf(status, stateName)}
      </h2>
      <p class="cause-message">
        {type !== null && !message.startsWith(type) && <strong>{type}: </strong>}
        <LongText text={message} />
      </p>
      {meaning !== null && <p>{saidText(meaning)}</p>}
      {(frame !== null || requestId !== null || inside !== undefined) && (
        <dl class="cause-facts">
          {frame !== null && <Fact name={words.frame} text={frame} />}
          {requestId !== null && <Fact name={words.request} text={requestId} />}
          {inside && (
            <div>
              <dt>{words.root}</dt>
              <dd>
                <Link href={pathTo.execution(inside)}>{inside.split(':').slice(6).join(':')}</Link>
                {root && ` ${[root.stateName, root.message].filter(Boolean).join(': ')}`}
              </dd>
            </div>
          )}
        </dl>
      )}
      <div class="cause-next">
        {stateName !== null && (
          <Button kind="quiet" onClick={() => onOpen('steps', { state: stateName })}>
            {words.showState}
          </Button>
        )}
        {nextOf(facts?.advice ?? []).map((command) => (
          <Button
            key={command}
            kind="quiet"
            onClick={() =>
              command === 'logs'
                ? onOpen('logs', { text: requestId ?? undefined })
                : onOpen('events', stateName === null ? { failed: true } : { state: stateName })
            }
          >
            {command === 'logs' ? words.showLogs : words.showEvents}
          </Button>
        ))}
        {(facts?.advice ?? [])
          .filter(({ command }) => command === 'doctor' || command === 'rehearse')
          .map(({ command, flags, what }) => {
            const of = command === 'doctor' ? '' : ` ${execution.executionArn}`;
            const line = `mbc-flow ${command}${of}${flags}${target.value?.flagsForHints ?? ''}`;
            return (
              <Button key={`${command}${flags}`} kind="quiet" icon="copy" onClick={() => copyText(line)}>
                {`mbc-flow ${command}`} <span class="muted">{saidText(what)}</span>
              </Button>
            );
          })}
        {cause !== null && cause !== message && (
          <details>
            <summary>{words.wholeCause}</summary>
            <JsonTree label={error ?? words.error} text={cause} />
          </details>
        )}
      </div>
    </section>
  );
}

type Advised = NonNullable<ExecutionFacts['advice']>;

/** What a page of its own shows; to redrive and to start again stand above. */
const nextOf = (advice: Advised): ('logs' | 'history')[] => [
  ...new Set(advice.flatMap(({ command }) => (command === 'logs' || command === 'history' ? [command] : []))),
];

function headOf(status: string, stateName: string | null): string {
  const words = t().execution;
  if (status === 'ABORTED') return stateName === null ? words.stoppedBy : words.stoppedIn(stateName);
  if (status === 'TIMED_OUT') return stateName === null ? words.timedOut : words.timedOutIn(stateName);
  return stateName === null ? words.failed : words.failedIn(stateName);
}

const Fact = ({ name, text }: { name: string; text: string }) => (
  <div>
    <dt>{name}</dt>
    <dd class="mono">{text}</dd>
  </div>
);
