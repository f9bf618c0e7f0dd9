import type { Place } from '../asl/validate/diagnostic.js';
import { checksOf } from '../asl/validate/library-checks.js';
import { validate } from '../asl/validate/machine.js';
import { positionOf } from '../json/json-positions.js';
import { type FindOptions, type FoundMachine, machinesIn } from './find-machines.js';
import { applyFixes } from './fix.js';
import type { LintMachine } from './machine.js';
import { readSource, type Source } from './parsed-source.js';
import { isJudgeable } from './placeholders.js';
import type { Finding, Fix, Severity } from './rule.js';
import { rules } from './rules/index.js';
import { silencedByComment, silencedByLine } from './suppressions.js';
import { lintTypeScript } from './typescript/lint.js';
import { UnreadableSource } from './unreadable.js';

export type { Finding } from './rule.js';

export interface LintResult {
  findings: Finding[];
  /** The file's text with every safe fix in it; undefined where there is none. */
  fixed?: string;
}

/** Everything that AWS would refuse in a file's state machines, and what practice advises against. */
export async function lintText(file: string, text: string, options: FindOptions): Promise<LintResult> {
  if (/\.[cm]?ts$/.test(file)) return { findings: await lintTypeScript(file, text, options) };
  try {
    const source = await readSource(file, text);
    const found = await machinesIn(source, options);
    const results = await Promise.all(found.map(lintMachine));
    const fixes = results.flatMap(({ fixes: of }, index) => fixesIn(source, found[index], of));
    return {
      findings: ordered(results.flatMap(({ findings }) => findings)),
      fixed: fixes.length > 0 ? applyFixes(source, fixes) : undefined,
    };
  } catch (error) {
    if (!(error instanceof UnreadableSource)) throw error;
    const position = positionOf(text, error.offset);
    const { message } = error;
    return {
      findings: [{ file, ...position, severity: 'error', code: 'INVALID_JSON_DESCRIPTION', message }],
    };
  }
}

interface MachineResult {
  findings: Finding[];
  fixes: Fix[];
}

async function lintMachine({ machine, source }: FoundMachine): Promise<MachineResult> {
  const result: MachineResult = { findings: [], fixes: [] };
  const add = (place: Place, severity: Severity, code: string, message: string): void => {
    const position = positionOf(source.text, machine.offsetOf(place));
    result.findings.push({ file: source.file, ...position, severity, code, message });
  };
  const errors = await refusals(machine);
  for (const { place, severity, code, message } of errors)
    if (isJudgeable(machine.written, place)) add(place, severity, code, message);
  // Best practices apply only to state machines.
  if (errors.some(({ place, severity }) => place.length === 0 && severity === 'error')) return result;
  for (const rule of rules)
    rule.check(machine, (place, message, fix) => {
      const { line } = positionOf(source.text, machine.offsetOf(place));
      if (silencedByComment(machine.definition, place, rule.code)) return;
      if (source.yaml && silencedByLine(source.text, line, rule.code)) return;
      add(place, rule.severity, rule.code, message);
      if (fix) result.fixes.push(fix);
    });
  return result;
}

interface Refusal {
  place: Place;
  severity: Severity;
  code: string;
  message: string;
}

async function refusals({ definition, type, written }: LintMachine): Promise<Refusal[]> {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    const message = 'Definition must be a valid JSON object';
    return [{ place: [], severity: 'error', code: 'SCHEMA_VALIDATION_FAILED', message }];
  }
  const checks = await checksOf(JSON.stringify(definition));
  return validate(definition, type, checks).map(({ place = [], severity, code, message }) => ({
    place,
    severity: severity === 'ERROR' ? 'error' : 'warning',
    code,
    message,
  }));
}

/** Fixes of machines that stand in this very file as data. */
function fixesIn(
  source: Source,
  found: FoundMachine | undefined,
  fixes: Fix[],
): { fix: Fix; prefix: Place }[] {
  if (!found?.prefix || found.source !== source) return [];
  const { prefix } = found;
  return fixes.map((fix) => ({ fix, prefix }));
}

function ordered(findings: Finding[]): Finding[] {
  return findings.sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.code < b.code ? -1 : 1),
  );
}
