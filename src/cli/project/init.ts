import { exitCodes } from '../../errors.js';
import type { Command } from '../shell/command.js';

export const init: Command = {
  name: 'init',
  changes: true,
  summary: 'Write mbc-flow.json from what the project shows',
  description:
    'Looks for the framework, its .env, state machines and environments, writes the config and says what each entry is from.',
  options: [{ flags: '--force', description: 'overwrite a config that is there' }],
  examples: [
    { line: 'mbc-flow init', what: 'in the application’s folder' },
    { line: 'mbc-flow init --dry-run', what: 'show the config, write nothing' },
  ],
  async run(context, _arguments, options) {
    const [{ init: plan }, { projectAt, writeChanges }, { readDotenv }] = await Promise.all([
      import('../../operations/project/init.js'),
      import('../../files/project-files.js'),
      import('../../config/environment.js'),
    ]);
    const dotenv = await readDotenv(context.cwd, context.env);
    const made = await plan(projectAt(context.cwd), dotenv, options.force === true);
    const { changes, notices, next } = made.plan;
    if (!context.dryRun) await writeChanges(context.cwd, changes);
    context.out.json({
      dryRun: context.dryRun,
      findings: made.findings,
      config: JSON.parse(changes[0]?.after ?? 'null'),
    });
    if (context.output !== 'text') return exitCodes.ok;
    for (const { what, where } of made.findings) context.out.line(`  found    ${what} (${where})`);
    const { changeLines, diffLines } = await import('../../views/project/changes.js');
    const { color } = context.terminal;
    if (changes.length === 0) context.out.line('mbc-flow.json says all of it already.');
    for (const change of changes)
      for (const line of context.dryRun ? diffLines(change, color) : changeLines([change], color))
        context.out.line(line);
    for (const notice of notices) context.err.notice(`Note: ${notice}`);
    if (!context.dryRun) for (const line of next) context.out.line(`  next     ${line}`);
    return exitCodes.ok;
  },
};
