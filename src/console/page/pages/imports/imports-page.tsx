import { t } from '../../text/index.js';
import { Page } from '../../ui/page.js';

export const ImportsPage = () => <Page title={t().shell.pages.imports}>{null}</Page>;
