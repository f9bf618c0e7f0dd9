import { goKeys, helpShown } from '../core/keys.js';
import { t } from '../text/index.js';
import { Dialog } from './dialog.js';

export function Help() {
  if (!helpShown.value) return null;
  const { keys, pages, help } = t().shell;
  const rows: [string, string][] = [
    ...Object.entries(goKeys).map(([key, { page }]): [string, string] => [`g ${key}`, keys.go(pages[page])]),
    ['/', keys.search],
    ['↑ ↓', keys.move],
    ['Enter', keys.open],
    ['Space', keys.select],
    ['Esc', keys.leave],
    ['t', keys.theme],
    ['?', keys.help],
  ];
  return (
    <Dialog
      title={help}
      onClose={() => {
        helpShown.value = false;
      }}
    >
      <dl class="keys">
        {rows.map(([key, what]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
