import './styles/base.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/list.css';
import './styles/json.css';
import './styles/graph.css';
import './styles/overview.css';
import './styles/pages.css';
import './styles/execution.css';
import './styles/paused.css';
import './styles/imports.css';
import { render } from 'preact';
import { App } from './app.js';
import { listenToKeys } from './core/keys.js';
import { followTarget } from './core/target.js';
import { findToken } from './core/token.js';
import { showTextAsText } from './core/visible-text.js';

showTextAsText();
listenToKeys();
const root = document.getElementById('app');
void findToken().then(() => {
  followTarget();
  if (root) render(<App />, root);
});
