import { readDotenv } from '../../config/environment.js';
import { exitCodes } from '../../errors.js';
import { projectAt, writeChanges } from '../../files/project-files.js';
import { init as plan } from '../../operations/project/init.js';
import { changeLines, diffLines } from '../../views/project/changes.js';
import type { Run } from '../shell/command.js';
import type { declaration } from './init.js';

export const run: Run<typeof declaration> = async (context, _arguments, options) => {
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
  const { color } = context.terminal;
  if (changes.length === 0) context.out.line('mbc-flow.json says all of it already.');
  for (const change of changes)
    for (const line of context.dryRun ? diffLines(change, color) : changeLines([change], color))
      context.out.line(line);
  for (const notice of notices) context.err.notice(`Note: ${notice}`);
  if (!context.dryRun) for (const line of next) context.out.line(`  next     ${line}`);
  return exitCodes.ok;
};
