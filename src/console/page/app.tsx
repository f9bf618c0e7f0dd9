import { place } from './core/router.js';
import { locked } from './core/token.js';
import { pageAt } from './pages/index.js';
import { Header } from './shell/header.js';
import { Locked } from './shell/locked.js';
import { Navigation } from './shell/navigation.js';
import { t } from './text/index.js';
import { Confirmations } from './ui/dialog.js';
import { Help } from './ui/help.js';
import { Notices } from './ui/notices.js';

export function App() {
  const { path } = place.value;
  return (
    <div class="app">
      <a class="skip" href="#main">
        {t().shell.skip}
      </a>
      <Header />
      <Navigation path={path} />
      <main id="main" tabIndex={-1}>
        {locked.value ? <Locked /> : pageAt(path)}
      </main>
      <Notices />
      <Confirmations />
      <Help />
    </div>
  );
}
