import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import type { LintedFile } from '../../operations/project/lint-files.js';
import type { Command, Context } from '../shell/command.js';

export const lint: Command = {
  name: 'lint',
  changes: true,
  summary: 'Check state machines against what AWS refuses and against good practice',
  description:
    'Reads ASL files (JSON, YAML), CloudFormation, CDK and SAM templates, serverless.yml, and the sources of an app of the framework; a folder (default: this one) is searched for them. With a target, the machines deployed there. Errors are what AWS would refuse; practice is advised in warnings. A Comment "mbc-flow-ignore: MF012" leaves a state alone.',
  arguments: [{ syntax: '[files...]', description: 'files or folders; with a target: machines' }],
  options: [
    {
      flags: '--type <type>',
      description: 'of a definition that does not say it',
      choices: ['STANDARD', 'EXPRESS'],
    },
    { flags: '--fix', description: 'write the fixes that cannot do harm into the files' },
    { flags: '--rules', description: 'list the practice rules' },
    { flags: '--explain <code>', description: 'the page of a rule' },
  ],
  examples: [
    { line: 'mbc-flow lint', what: 'every state machine of the project' },
    { line: 'mbc-flow lint approval.asl.json --type STANDARD', what: 'one file' },
    { line: 'mbc-flow lint --target prod import-csv', what: 'a machine as it is deployed' },
    { line: 'mbc-flow lint --explain MF001', what: 'why a paused step needs a timeout' },
  ],
  async run(context, [files], options) {
    const names = Array.isArray(files) ? files : [];
    if (options.rules === true || typeof options.explain === 'string')
      return await explain(context, typeof options.explain === 'string' ? options.explain : undefined);
    const type = options.type === 'STANDARD' || options.type === 'EXPRESS' ? options.type : undefined;
    if (context.targetNamed) return await lintTarget(context, names);
    const [{ lintFiles }, { lintSources }] = await Promise.all([
      import('../../operations/project/lint-files.js'),
      import('../../files/lint-sources.js'),
    ]);
    const results = await lintFiles(lintSources(context.cwd, names, type));
    if (results.length === 0) {
      throw new FlowError(exitCodes.notFound, 'NothingToLint', 'There is no state machine to check here.', {
        hint: 'mbc-flow lint <file>',
      });
    }
    if (options.fix !== true) return await print(context, results);
    const fixed = await fix(context, results);
    return await print(context, fixed ? await lintFiles(lintSources(context.cwd, names, type)) : results);
  },
};

async function print(context: Context, results: Pick<LintedFile, 'findings'>[]): Promise<ExitCode> {
  const [{ hasError }, { lintDocument, lintLines }] = await Promise.all([
    import('../../operations/project/lint-files.js'),
    import('../../views/project/lint.js'),
  ]);
  const findings = results.flatMap((result) => result.findings);
  if (context.output === 'ndjson') for (const finding of findings) context.out.json(finding);
  else context.out.json(lintDocument(findings));
  for (const line of lintLines(findings, context.terminal.color)) context.out.line(line);
  if (findings.length === 0) {
    const what = results.length === 1 ? '1 file' : `${results.length} files`;
    context.err.notice(`Nothing found in ${what}.`);
  }
  return hasError(findings) ? exitCodes.failed : exitCodes.ok;
}

/** Answers whether a file was changed. */
async function fix(context: Context, results: LintedFile[]): Promise<boolean> {
  const changes = results.filter(({ fixed }) => fixed !== undefined);
  const [{ writeFile }, { resolve }] = await Promise.all([import('node:fs/promises'), import('node:path')]);
  for (const { path, fixed } of changes) {
    context.err.notice(`${context.dryRun ? 'Would fix' : 'Fixed'} ${path}`);
    if (!context.dryRun) await writeFile(resolve(context.cwd, path), fixed ?? '');
  }
  return changes.length > 0 && !context.dryRun;
}

async function lintTarget(context: Context, names: string[]): Promise<ExitCode> {
  const target = await context.connect({ changes: false });
  const [{ listMachines }, { lintDeployed }] = await Promise.all([
    import('../../operations/find/list-machines.js'),
    import('../../operations/project/lint-files.js'),
  ]);
  const { states } = target.gateways;
  const arns =
    names.length > 0
      ? await Promise.all(names.map((name) => target.machineArn(name)))
      : (await listMachines(states)).map(({ stateMachineArn }) => stateMachineArn);
  const results = [];
  for (const arn of arns)
    results.push({ findings: await lintDeployed(await states.describeStateMachine(arn)) });
  return await print(context, results);
}

async function explain(context: Context, code: string | undefined): Promise<ExitCode> {
  const [{ allRules, ruleByCode }, views] = await Promise.all([
    import('../../operations/project/lint-files.js'),
    import('../../views/project/lint.js'),
  ]);
  const { color } = context.terminal;
  if (code === undefined) {
    context.out.json({ rules: allRules().map(views.ruleDocument) });
    for (const line of views.ruleLines(allRules(), color)) context.out.line(line);
    return exitCodes.ok;
  }
  const rule = ruleByCode(code);
  context.out.json(views.rulePageDocument(rule));
  for (const line of views.rulePage(rule, color)) context.out.line(line);
  return exitCodes.ok;
}
