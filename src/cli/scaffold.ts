import { type ExitCode, exitCodes, FlowError } from '../errors.js';
import type { Scaffolded, Scaffolding } from '../operations/scaffold.js';
import type { Command, Context } from './command.js';

export const scaffold: Command = {
  name: 'scaffold',
  changes: true,
  summary: 'Write a workflow: event, handler, route, service, test, state machine',
  description:
    'Kinds: workflow (all of the parts, and the patches that connect them), event, handler, factory, service, machine (one part alone), stack (CDK for the whole of the framework), app (a small application). The project is the folder of the nearest package.json. Existing files are patched in place, never overwritten without --force; a second run changes nothing.',
  arguments: [
    { syntax: '<kind>', description: 'workflow, event, handler, factory, service, machine, stack, app' },
    { syntax: '<name>', description: 'kebab-case, as the state machine is called: order-approval' },
  ],
  options: [
    {
      flags: '--states <names>',
      description: 'states that do work, in order (default: initialize,process,finalize)',
    },
    { flags: '--approval', description: 'wait for an approval after the first state' },
    { flags: '--map', description: 'work on each of the items of the input' },
    { flags: '--csv-import', description: 'work on the rows of a CSV file in S3, in batches' },
    {
      flags: '--query-language <language>',
      description: 'of the state machine',
      choices: ['JSONPath', 'JSONata'],
      default: 'JSONPath',
    },
    {
      flags: '--from <file>',
      description:
        'an existing state machine (ASL, or one of a template or serverless.yml): methods for its states',
    },
    { flags: '--force', description: 'overwrite files that are there with other contents' },
  ],
  examples: [
    { line: 'mbc-flow scaffold workflow order-approval --approval', what: 'pauses until mbc-flow approve' },
    { line: 'mbc-flow scaffold workflow closing --states collect,check,close', what: 'states of your own' },
    {
      line: 'mbc-flow scaffold handler billing --from billing.asl.json',
      what: 'methods for a machine that is there',
    },
    { line: 'mbc-flow scaffold workflow order-approval --dry-run', what: 'show the changes, write nothing' },
  ],
  async run(context, [kind, name], options) {
    const [{ planScaffold, scaffoldDocument }, { packageTemplates, projectAt, writeChanges }] =
      await Promise.all([import('../operations/scaffold.js'), import('./project-files.js')]);
    const scaffolding = await read(context, String(kind), String(name), options);
    const folder = await projectFolder(context.cwd, scaffolding);
    const scaffolded = await planScaffold(projectAt(folder), packageTemplates(), scaffolding);
    if (!context.dryRun) await writeChanges(folder, scaffolded.plan.changes);
    context.out.json(scaffoldDocument(scaffolded, context.dryRun));
    if (context.output === 'text') await tell(context, folder, scaffolded);
    return exitCodes.ok;
  },
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
  const [{ dirname, join }, { definitionInFile }, { readText }] = await Promise.all([
    import('node:path'),
    import('../operations/definition-in-file.js'),
    import('./read-text.js'),
  ]);
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
  const [{ existsSync }, { dirname, join }] = await Promise.all([import('node:fs'), import('node:path')]);
  if (kind === 'app') {
    const { appFolder } = await import('../operations/scaffold.js');
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
  const { changeLines, diffLines } = await import('../views/changes.js');
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
