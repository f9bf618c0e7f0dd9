import { staysHere } from '../../config/app-environment.js';
import { readDotenv } from '../../config/environment.js';
import { exitCodes } from '../../errors.js';
import { projectAt, refuseWorkspaceRoot, writeChanges } from '../../files/project/project-files.js';
import { init } from '../../operations/project/init.js';
import { initDocument, initLines, nextLines } from '../../views/project/init.js';
import type { Run } from '../shell/command.js';
import type { declaration } from './init.js';

export const run: Run<typeof declaration> = async (context, _arguments, { force = false }) => {
  const { cwd, env, dryRun, out, terminal } = context;
  await refuseWorkspaceRoot(cwd, 'init');
  const dotenv = await readDotenv(cwd, env);
  const made = await init(projectAt(cwd), dotenv, staysHere(dotenv) ? 'local' : 'env', force);
  const { changes, notices, next } = made.plan;
  if (!dryRun) await writeChanges(cwd, changes);
  out.document(initDocument(made, dryRun), initLines(made, dryRun, terminal.color));
  for (const notice of notices) context.err.notice(`Note: ${notice}`);
  if (!dryRun) for (const line of nextLines(next)) out.line(line);
  return exitCodes.ok;
};
