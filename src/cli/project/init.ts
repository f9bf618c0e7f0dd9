import { command, declare } from '../shell/command.js';

export const declaration = declare({
  name: 'init',
  changes: true,
  summary: 'Write mbc-flow.json from what the project shows',
  description:
    'Looks for the framework, its .env, state machines and environments, writes the config and says what each entry is from.',
  options: [{ flags: '--force', description: 'add missing entries to an existing config' }],
  examples: [
    { line: 'mbc-flow init', what: 'in the application’s folder' },
    { line: 'mbc-flow init --dry-run', what: 'show the config, write nothing' },
  ],
});

export const init = command(declaration, () => import('./init.run.js'));
