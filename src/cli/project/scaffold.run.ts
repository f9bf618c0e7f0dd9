import { dirname, join } from 'node:path';
import { exitCodes } from '../../errors.js';
import {
  nearestProject,
  packageTemplates,
  projectAt,
  refuseWorkspaceRoot,
  writeChanges,
} from '../../files/project/project-files.js';
import { readText } from '../../files/read-text.js';
import { isObject } from '../../json/json.js';
import { definitionInFile } from '../../operations/execution/definition-in-file.js';
import { appFolder, planScaffold, type Scaffolding } from '../../operations/project/scaffold.js';
import { scaffoldDocument, scaffoldLines, scaffoldNextLines } from '../../views/project/scaffold.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { declaration } from './scaffold.js';

export const run: Run<typeof declaration> = async (context, [kind, name], options) => {
  const { cwd, dryRun, err, out, terminal } = context;
  const { approval = false, map = false, csvImport = false, zipImport = false, force = false } = options;
  const from = options.from === undefined ? undefined : await readMachine(context, kind, name, options.from);
  const folder = kind === 'app' ? join(cwd, appFolder(name)) : nearestProject(cwd);
  if (kind !== 'app') await refuseWorkspaceRoot(folder, `scaffold ${kind} ${name}`);
  const scaffolding = { ...options, kind, name, approval, map, csvImport, zipImport, force, from };
  const scaffolded = await planScaffold(projectAt(folder), packageTemplates(), scaffolding);
  const { changes, notices } = scaffolded.plan;
  if (!dryRun) await writeChanges(folder, changes);
  out.document(scaffoldDocument(scaffolded, dryRun), scaffoldLines(scaffolded, dryRun, terminal.color));
  if (dryRun && changes.length > 0)
    err.notice(`${changes.length} files would be written in ${folder}; nothing was changed.`);
  for (const notice of notices) err.notice(`Note: ${notice}`);
  if (!dryRun) for (const line of scaffoldNextLines(scaffolded)) out.line(line);
  return exitCodes.ok;
};

async function readMachine(
  context: Context,
  kind: string,
  name: string,
  path: string,
): Promise<Scaffolding['from']> {
  const { definition, written } = await definitionInFile({
    path,
    text: await readText(context, path),
    preferred: name,
    commandFor: (one) => `mbc-flow scaffold ${kind} ${one} --from ${path}`,
    read: (file) => readText(context, join(dirname(path), file)).catch(() => undefined),
  });
  // With its placeholders, where they are not a template's own.
  return isObject(written) && isObject(written.States) && !/"(?:Ref|Fn::\w+)":/.test(JSON.stringify(written))
    ? written
    : definition;
}
