import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { lintSources } from '../../files/lint-sources.js';
import { listMachines } from '../../operations/find/list-machines.js';
import type { LintedFile } from '../../operations/project/lint-files.js';
import {
  allRules,
  hasError,
  lintDeployed,
  lintFiles,
  ruleByCode,
} from '../../operations/project/lint-files.js';
import * as views from '../../views/project/lint.js';
import { lintDocument, lintLines } from '../../views/project/lint.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { declaration } from './lint.js';

export const run: Run<typeof declaration> = async (context, [files], options) => {
  const names = Array.isArray(files) ? files : [];
  if (options.rules === true || typeof options.explain === 'string')
    return await explain(context, typeof options.explain === 'string' ? options.explain : undefined);
  const type = options.type === 'STANDARD' || options.type === 'EXPRESS' ? options.type : undefined;
  if (context.targetNamed) return await lintTarget(context, names);
  const results = await lintFiles(lintSources(context.cwd, names, type));
  if (results.length === 0) {
    throw new FlowError(exitCodes.notFound, 'NothingToLint', 'There is no state machine to check here.', {
      hint: 'mbc-flow lint <file>',
    });
  }
  if (options.fix !== true) return await print(context, results);
  const fixed = await fix(context, results);
  return await print(context, fixed ? await lintFiles(lintSources(context.cwd, names, type)) : results);
};

async function print(context: Context, results: Pick<LintedFile, 'findings'>[]): Promise<ExitCode> {
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
  for (const { path, fixed } of changes) {
    context.err.notice(`${context.dryRun ? 'Would fix' : 'Fixed'} ${path}`);
    if (!context.dryRun) await writeFile(resolve(context.cwd, path), fixed ?? '');
  }
  return changes.length > 0 && !context.dryRun;
}

async function lintTarget(context: Context, names: string[]): Promise<ExitCode> {
  const target = await context.connect({ changes: false });
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
