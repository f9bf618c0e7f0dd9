import { t } from '../../text/index.js';
import { Page } from '../../ui/page.js';

export const MachinesPage = () => <Page title={t().shell.pages.machines}>{null}</Page>;
