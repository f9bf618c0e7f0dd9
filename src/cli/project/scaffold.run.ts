import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { packageTemplates, projectAt, writeChanges } from '../../files/project-files.js';
import { readText } from '../../files/read-text.js';
import { definitionInFile } from '../../operations/execution/definition-in-file.js';
import type { Scaffolded, Scaffolding } from '../../operations/project/scaffold.js';
import { appFolder, planScaffold, scaffoldDocument } from '../../operations/project/scaffold.js';
import { changeLines, diffLines } from '../../views/project/changes.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { declaration } from './scaffold.js';

export const run: Run<typeof declaration> = async (context, [kind, name], options) => {
  const scaffolding = await read(context, String(kind), String(name), options);
  const folder = await projectFolder(context.cwd, scaffolding);
  const scaffolded = await planScaffold(projectAt(folder), packageTemplates(), scaffolding);
  if (!context.dryRun) await writeChanges(folder, scaffolded.plan.changes);
  context.out.json(scaffoldDocument(scaffolded, context.dryRun));
  if (context.output === 'text') await tell(context, folder, scaffolded);
  return exitCodes.ok;
};

async function read(
  context: Context,
  kind: string,
  name: string,
  options: Record<string, unknown>,
): Promise<Scaffolding> {
  const states =
    typeof options.states === 'string' ? options.states.split(',').map((state) => state.trim()) : undefined;
  const wrong = states?.find(
    (state, index) => state === '' || state.length > 80 || states.indexOf(state) !== index,
  );
  if (wrong !== undefined) {
    throw new FlowError(
      exitCodes.usage,
      'InvalidStates',
      'state names are unique, and of 1 to 80 characters',
      {
        where: `--states ${String(options.states)}`,
        hint: '--states initialize,process,finalize',
      },
    );
  }
  return {
    kind,
    name,
    states,
    approval: options.approval === true,
    map: options.map === true,
    csvImport: options.csvImport === true,
    queryLanguage: options.queryLanguage === 'JSONata' ? 'JSONata' : 'JSONPath',
    from: typeof options.from === 'string' ? await readMachine(context, kind, name, options.from) : undefined,
    force: options.force === true,
  };
}

async function readMachine(
  context: Context,
  kind: string,
  name: string,
  path: string,
): Promise<Scaffolding['from']> {
  const { definition } = await definitionInFile({
    path,
    text: await readText(context, path),
    preferred: name,
    commandFor: (one) => `mbc-flow scaffold ${kind} ${one} --from ${path}`,
    read: (file) => readText(context, join(dirname(path), file)).catch(() => undefined),
  });
  return definition;
}

/** The folder of the nearest package.json; an app gets a folder of its own. */
async function projectFolder(cwd: string, { kind, name }: Scaffolding): Promise<string> {
  if (kind === 'app') {
    return join(cwd, appFolder(name));
  }
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) break;
  }
  throw new FlowError(exitCodes.notFound, 'NoProject', 'there is no package.json here or above', {
    where: cwd,
    hint: `go to the application's folder, or make one: mbc-flow scaffold app my-app`,
  });
}

async function tell(context: Context, folder: string, { plan }: Scaffolded): Promise<ExitCode> {
  const { color } = context.terminal;
  const { changes, notices, next } = plan;
  if (changes.length === 0) context.out.line('Everything is there already; nothing was changed.');
  else if (context.dryRun) {
    for (const change of changes) for (const line of diffLines(change, color)) context.out.line(line);
    context.err.notice(`${changes.length} files would be written in ${folder}; nothing was changed.`);
  } else for (const line of changeLines(changes, color)) context.out.line(line);
  for (const notice of notices) context.err.notice(`Note: ${notice}`);
  if (next.length > 0 && changes.length > 0 && !context.dryRun) {
    context.out.line();
    for (const [index, line] of next.entries())
      context.out.line(`  ${index === 0 ? 'next' : '    '}  ${line}`);
  }
  return exitCodes.ok;
}
