import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { packageVersion } from '../../files/package-file.js';
import { lintSources } from '../../files/project/lint-sources.js';
import { writeWhole } from '../../files/result-file.js';
import {
  allRules,
  hasError,
  holdsMachine,
  type LintedFile,
  lintFiles,
  lintMachines,
  ruleByCode,
} from '../../operations/project/lint-files.js';
import { lintLines, ruleDocument, ruleLines, rulePage, rulePageDocument } from '../../views/project/lint.js';
import { githubLines, junitLines, type Reporter, sarif } from '../../views/project/lint-reports.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { declaration } from './lint.js';

export const run: Run<typeof declaration> = async (context, [files], options) => {
  if (options.explain !== undefined) return explainRule(context, options.explain);
  if (options.rules) return listRules(context);
  if (context.targetNamed) {
    const target = await context.connect({ changes: false });
    return print(context, await lintMachines(target, files), options);
  }
  const lint = (): Promise<LintedFile[]> =>
    lintFiles(lintSources(context.cwd, files, options.type, holdsMachine));
  const results = await lint();
  if (results.length === 0) {
    throw new FlowError(exitCodes.notFound, 'NothingToLint', 'no state machine found here', {
      hint: 'mbc-flow lint approval.asl.json',
    });
  }
  const fixed = options.fix ? await fix(context, results) : false;
  return print(context, fixed ? await lint() : results, options);
};

interface Reporting {
  reporter: Reporter;
  maxWarnings?: number;
}

function print(
  { out, err, terminal }: Context,
  results: (Pick<LintedFile, 'findings'> & { path?: string })[],
  { reporter, maxWarnings = Number.POSITIVE_INFINITY }: Reporting,
): ExitCode {
  const findings = results.flatMap((result) => result.findings);
  const files = results.flatMap(({ path }) => path ?? []);
  const lines = {
    text: () => lintLines(findings, terminal.color),
    github: () => githubLines(findings),
    sarif: () => [JSON.stringify(sarif(findings, allRules(), packageVersion()), null, 2)],
    junit: () => junitLines(findings, files),
  }[reporter]();
  out.list('findings', findings, lines);
  if (findings.length === 0) {
    const what = results.length === 1 ? '1 file' : `${results.length} files`;
    err.notice(`Nothing found in ${what}.`);
  }
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  const tooMany = warnings > maxWarnings;
  if (tooMany) err.notice(`${warnings} warnings exceed --max-warnings ${maxWarnings}.`);
  return hasError(findings) || tooMany ? exitCodes.failed : exitCodes.ok;
}

/** Answers whether a file was changed. */
async function fix({ cwd, dryRun, err }: Context, results: LintedFile[]): Promise<boolean> {
  const changes = results.filter(({ fixed }) => fixed !== undefined);
  for (const { path, fixed } of changes) {
    if (!dryRun) await writeWhole(cwd, path, [fixed ?? '']);
    err.notice(`${dryRun ? 'Would fix' : 'Fixed'} ${path}`);
  }
  return changes.length > 0 && !dryRun;
}

function listRules({ out, terminal }: Context): ExitCode {
  const rules = allRules();
  out.document({ rules: rules.map(ruleDocument) }, ruleLines(rules, terminal.color));
  return exitCodes.ok;
}

function explainRule({ out, terminal }: Context, code: string): ExitCode {
  const rule = ruleByCode(code);
  out.document(rulePageDocument(rule), rulePage(rule, terminal.color));
  return exitCodes.ok;
}
