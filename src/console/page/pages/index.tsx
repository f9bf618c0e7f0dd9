import type { ComponentChildren } from 'preact';
import { idIn } from '../core/router.js';
import { t } from '../text/index.js';
import { Page } from '../ui/page.js';
import { ExecutionPage } from './execution/execution-page.js';
import { ExecutionsPage } from './executions/executions-page.js';
import { ImportPage } from './imports/import-page.js';
import { ImportsPage } from './imports/imports-page.js';
import { MachinePage } from './machines/machine-page.js';
import { MachinesPage } from './machines/machines-page.js';
import { MapRunPage } from './map-runs/map-run-page.js';
import { OverviewPage } from './overview/overview-page.js';
import { PausedPage } from './paused/paused-page.js';

/** By the first part of the path: the page of a list, or (`id`) of one thing. */
const pages: Record<string, (id: string | undefined) => ComponentChildren> = {
  '': () => <OverviewPage />,
  executions: (id) => (id === undefined ? <ExecutionsPage /> : <ExecutionPage key={id} arn={id} />),
  paused: (id) => <PausedPage id={id} />,
  imports: (id) => (id === undefined ? <ImportsPage /> : <ImportPage key={id} id={id} />),
  'map-runs': (id) => (id === undefined ? <NotFound /> : <MapRunPage key={id} arn={id} />),
  machines: (id) => (id === undefined ? <MachinesPage /> : <MachinePage key={id} arn={id} />),
};

export function pageAt(path: string): ComponentChildren {
  const first = path.split('/')[1] ?? '';
  const page = Object.hasOwn(pages, first) ? pages[first] : undefined;
  return page ? page(idIn(path)) : <NotFound />;
}

const NotFound = () => (
  <Page title={t().shell.notFound.title}>
    <p>{t().shell.notFound.text}</p>
  </Page>
);
