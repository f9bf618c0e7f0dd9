import { t } from '../../text/index.js';
import { Page } from '../../ui/page.js';

export const PausedPage = () => <Page title={t().shell.pages.paused}>{null}</Page>;
