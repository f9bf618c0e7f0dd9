import { useRef, useState } from 'preact/hooks';
import { target } from '../../core/target.js';
import { t } from '../../text/index.js';
import { Button } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import { tellFailure } from '../../ui/notices.js';
import { draft, uploaded } from './draft.js';

/** Takes a file that is dropped or chosen. */
export function DropZone() {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState(false);
  const words = t().imports;
  const take = (file: File | undefined): void => {
    if (!file || sending) return;
    setSending(true);
    uploaded(file, file.name)
      .then((sent) => {
        draft.value = sent;
      })
      .catch(tellFailure)
      .finally(() => setSending(false));
  };
  if (target.value?.readOnly) return <p class="muted">{words.readOnly}</p>;
  return (
    <section
      class={`drop${over ? ' over' : ''}`}
      aria-label={words.drop}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files[0]);
      }}
    >
      <Icon name="imports" size={28} />
      <p>{sending ? words.sending : words.drop}</p>
      <Button kind="main" disabled={sending} onClick={() => input.current?.click()}>
        {words.choose}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,.zip,text/csv"
        hidden
        aria-label={words.choose}
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
    </section>
  );
}
