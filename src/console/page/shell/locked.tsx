import { useState } from 'preact/hooks';
import { reconnect } from '../core/live.js';
import { takeToken } from '../core/token.js';
import { t } from '../text/index.js';
import { Button } from '../ui/button.js';
import { Page } from '../ui/page.js';

/** The page was loaded without its link. */
export function Locked() {
  const words = t().shell.locked;
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  return (
    <Page title={words.title}>
      <form
        class="locked"
        onSubmit={(event) => {
          event.preventDefault();
          if (takeToken(text)) reconnect();
          else setWrong(true);
        }}
      >
        <p>{words.text}</p>
        <div class="field">
          <label for="link">{words.field}</label>
          <input
            id="link"
            type="password"
            autocomplete="off"
            value={text}
            aria-invalid={wrong}
            aria-describedby={wrong ? 'link-wrong' : undefined}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setWrong(false);
            }}
          />
          {wrong && (
            <p id="link-wrong" class="field-error">
              {words.wrong}
            </p>
          )}
        </div>
        <Button type="submit" kind="main">
          {words.open}
        </Button>
      </form>
    </Page>
  );
}
