import { t } from '../text/index.js';
import { tell, tellFailure } from './notices.js';

/** The text itself, as it came. */
export function copyText(text: string): void {
  navigator.clipboard.writeText(text).then(() => tell(t().shell.copied), tellFailure);
}
