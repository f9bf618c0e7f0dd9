import { t } from '../../text/index.js';
import { Page } from '../../ui/page.js';

export const OverviewPage = () => <Page title={t().shell.pages.overview}>{null}</Page>;
