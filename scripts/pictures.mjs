// Makes the pictures of the documentation from the real thing: `npm run pictures`, after a build. They are in the
// repository only, not in the package. Needs Chromium for the pages of the UI.
import { cpSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takePictures } from './pictures/pages.mjs';
import { tellStory } from './pictures/story.mjs';
import { svgOf } from './pictures/svg.mjs';
import { environment, Terminal } from './pictures/terminal.mjs';

const folder = fileURLToPath(new URL('../docs/pictures', import.meta.url));
// Stack traces show it: a name that stays. Whoever is there already is not ours.
const cwd = join(realpathSync(tmpdir()), 'shop');
mkdirSync(cwd);
cpSync(fileURLToPath(new URL('pictures/shop', import.meta.url)), cwd, { recursive: true });
mkdirSync(join(cwd, 'home'));
mkdirSync(folder, { recursive: true });

const shift = Date.parse('2026-12-01T09:00:00+09:00') - Date.now();
const place = { cwd, env: environment(cwd, shift) };
const server = new Terminal({ ...place, columns: 200 }).start(
  'mbc-flow dev --port 0 --ui-port 0 --s3-port 0',
);
try {
  const [link] = await server.shows(/http:\/\/\S+#token=\S+/);
  const screens = await tellStory(place);
  for (const [name, screen] of Object.entries(screens))
    writeFileSync(
      join(folder, `${name}.svg`),
      svgOf(screen.screen.shown(), { ...screen, title: `mbc-flow ${name}` }),
    );
  await takePictures(link, folder, () => Date.now() + shift);
} finally {
  await server.end();
  rmSync(cwd, { recursive: true, force: true, maxRetries: 3 });
}
