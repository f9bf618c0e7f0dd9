import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { TopicFacts } from '../../api.js';
import { target } from '../core/target.js';
import { t } from '../text/index.js';
import { saidText } from '../text/translations/page-language.js';
import { saidOf } from './error-text.js';
import { Icon } from './icon.js';
import { agoText } from './time.js';

interface PageProps {
  title: string;
  /** Beside the title: status, counts. */
  beside?: ComponentChildren;
  /** At the right end of the head: what one can do. */
  actions?: ComponentChildren;
  /** Of the page's topic. */
  facts?: TopicFacts;
  /** The content fills the height, and scrolls inside. */
  fill?: boolean;
  children: ComponentChildren;
}

/** What every page has: a heading, which gets the focus when one comes, and how fresh it is. */
export function Page({ title, beside, actions, facts, fill = false, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · mbc-flow`;
  }, [title]);
  useEffect(() => {
    // Whoever reads with the ears hears where they are; whoever was just typing goes on.
    if (document.activeElement === document.body) heading.current?.focus();
  }, []);
  return (
    <div class={fill ? 'page fill' : 'page'}>
      <div class="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {beside}
        {facts && <Freshness facts={facts} />}
        <div class="actions">{actions}</div>
      </div>
      {children}
    </div>
  );
}

function Freshness({ facts: { at, trouble } }: { facts: TopicFacts }) {
  const words = t().shell;
  if (trouble !== undefined)
    return (
      <span class="freshness bad">
        <Icon name="warning" />
        {words.trouble(saidText(trouble))}
      </span>
    );
  if (target.value?.live) return null;
  return <span class="freshness">{at === undefined ? words.notYet : words.updated(agoText(at))}</span>;
}

export const Loading = () => (
  <div class="loading" role="status">
    {t().shell.reading}
  </div>
);

/** Why something can't be shown. */
export function Trouble({ error }: { error: unknown }) {
  const { text, original, hint } = saidOf(error);
  return (
    <div class="trouble" role="alert">
      <Icon name="warning" />
      <div>
        <div>{text}</div>
        {original !== undefined && <div class="muted">{original}</div>}
        {hint !== undefined && <div class="muted">{hint}</div>}
      </div>
    </div>
  );
}
