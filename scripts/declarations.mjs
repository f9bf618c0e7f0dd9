// The commands' declarations as the program itself has them, for what is generated from them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

let bundles = 0;

/** What a command does is not asked here, and would bring all else along. */
const withoutRuns = {
  name: 'without-runs',
  setup({ onResolve }) {
    onResolve({ filter: /\.run\.js$/ }, ({ path }) => ({ path, external: true }));
  },
};

/** What is generated reads these of src/. */
export const declarations = () =>
  bundled(`
        export { commandGroups, commands } from './src/cli/commands.ts';
        export { environmentTerms } from './src/cli/shell/help/environment.ts';
        export { exitCodeMeanings } from './src/cli/shell/help/exit-code-meanings.ts';
        export { globalOptions } from './src/cli/shell/global-options.ts';
    export { helpTopics } from './src/cli/shell/help/topic-names.ts';
        export { helpText } from './src/cli/shell/help/page.ts';
        export { parseCommandLine } from './src/cli/shell/parse-command-line.ts';
        export { visible } from './src/views/text/safe-text.ts';`);

/** A module of `contents`, as the sources are now. */
async function bundled(contents) {
  const { outputFiles } = await build({
    ...bundleOptions,
    plugins: [withoutRuns],
    stdin: { contents, resolveDir: root },
  });
  const folder = join(root, 'node_modules/.cache/mbc-flow');
  mkdirSync(folder, { recursive: true });
  // A name of this process: builds may run side by side.
  const module = join(folder, `declarations-${process.pid}-${++bundles}.mjs`);
  writeFileSync(module, outputFiles[0].contents);
  try {
    return await import(pathToFileURL(module).href);
  } finally {
    rmSync(module, { force: true });
  }
}

/** What the references beside docs/cli.md are made of. */
export const references = () =>
  bundled(`
    export { configSchema } from './src/config/config-schema.ts';
    export { allRules } from './src/operations/project/lint-files.ts';
    export { permissionCommands, permissionsOf, policyFor } from './src/operations/doctor/command-permissions.ts';`);

/**
 * What each command line that asks for help prints, by its words (`-h` as `--help`): the launcher answers with it and
 * loads nothing else.
 * @returns {Promise<Record<string, string>>}
 */
export async function helpPages(version, columns) {
  const { commandGroups, commands, helpText, helpTopics, parseCommandLine, visible } = await declarations();
  const groups = commands.flatMap(({ name }) => (name.includes(' ') ? [name.split(' ')[0]] : []));
  const names = commands.flatMap(({ name, aliases = [] }) => [
    name,
    ...aliases.map((alias) => name.replace(/\S+$/, alias)),
  ]);
  const asked = [...new Set([...groups, ...names])];
  const pages = Object.fromEntries(
    ['', '--version', 'version', '--help', ...asked.map((name) => `${name} --help`)].map((line) => {
      let text = '';
      const print = (part) => {
        text += visible(part);
      };
      parseCommandLine(line.split(' ').filter(Boolean), commandGroups, version, print, columns);
      return [line, text];
    }),
  );
  for (const words of ['', ...asked, ...helpTopics])
    pages[`help ${words}`.trim()] = visible(
      helpText(words.split(' ').filter(Boolean), commandGroups, columns),
    );
  return pages;
}
