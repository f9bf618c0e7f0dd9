import { helpShown } from '../core/keys.js';
import { connection } from '../core/live.js';
import { language, nextLanguage, nextTheme, theme } from '../core/settings.js';
import { target, targetTrouble } from '../core/target.js';
import { locked } from '../core/token.js';
import { t } from '../text/index.js';
import { saidText } from '../text/translations/page-language.js';
import { IconButton, Link } from '../ui/button.js';
import { Icon } from '../ui/icon.js';

export function Header() {
  const words = t().shell;
  const of = target.value;
  const themes = { system: 'system', light: 'light', dark: 'dark' } as const;
  return (
    <header class="header">
      <Link href="/" class="brand" label={words.name}>
        <svg width="20" height="20" viewBox="0 0 16 16" aria-hidden="true">
          <rect class="plate" width="16" height="16" rx="3.5" />
          <path d="M4.5 4.5v7M4.5 8h3a2 2 0 0 0 2-2V5" />
          <circle cx="4.5" cy="4" r="1.5" />
          <circle cx="4.5" cy="12" r="1.5" />
          <circle cx="11" cy="5" r="1.7" />
        </svg>
        <span>mbc-flow</span>
      </Link>
      {of && (
        <div class="target">
          <span class="target-name">{of.name}</span>
          {of.protected && (
            <span class="badge warn">
              <Icon name="lock" size={12} />
              {words.protected}
            </span>
          )}
          {of.readOnly && <span class="badge">{words.readOnly}</span>}
          <span class="target-place">
            {of.account} · {of.region}
          </span>
        </div>
      )}
      <Connection />
      <div class="header-actions">
        <button
          type="button"
          class="button icon-only"
          onClick={nextLanguage}
          title={words.language}
          aria-label={words.language}
          lang={language.value === 'en' ? 'ja' : 'en'}
        >
          <span aria-hidden="true">{language.value === 'en' ? '日' : 'En'}</span>
        </button>
        <IconButton icon={themes[theme.value]} label={words.theme[theme.value]} onClick={nextTheme} />
        <IconButton
          icon="keyboard"
          label={words.help}
          onClick={() => {
            helpShown.value = true;
          }}
        />
      </div>
    </header>
  );
}

/** Whether what is seen goes on by itself. */
function Connection() {
  const words = t().shell;
  if (locked.value) return <div class="connection" role="status" />;
  const trouble = targetTrouble.value;
  const state = connection.value;
  return (
    <div class={`connection ${trouble && state === 'open' ? 'away' : state}`} role="status">
      {state === 'open' && !trouble && target.value?.live && (
        <>
          <span class="dot" />
          {words.live}
        </>
      )}
      {state === 'open' && trouble && (
        <>
          <Icon name="warning" />
          {saidText(trouble.message, trouble.code)}
        </>
      )}
      {state === 'connecting' && words.connecting}
      {state === 'away' && (
        <>
          <Icon name="warning" />
          {words.away}
        </>
      )}
    </div>
  );
}
