import { useState } from 'preact/hooks';
import { t } from '../text/index.js';
import { Button } from './button.js';

const LONGEST = 300;

/** A text of others: of one that is long the beginning, and all of it for who asks. */
export function LongText({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  if (whole || text.length <= LONGEST) return <span>{text}</span>;
  return (
    <span>
      {`${text.slice(0, LONGEST)}… `}
      <Button kind="quiet" onClick={() => setWhole(true)}>
        {t().shell.more}
      </Button>
    </span>
  );
}
