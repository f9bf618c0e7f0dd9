import { positionOf } from '../../json/source.js';
import type { Finding, Severity } from '../rule.js';
import { silencedByLine } from '../silence.js';
import { appRules } from './app-rules.js';
import { cdkChecks } from './cdk-rules.js';
import { readCode } from './code.js';

/** What practice advises against in an application's own sources and in those of its CDK stack. */
export function lintTypeScript(file: string, text: string): Finding[] {
  const code = readCode(text);
  const findings: Finding[] = [];
  const reporter = (rule: string, severity: Severity) => (offset: number, message: string) => {
    const position = positionOf(text, offset);
    if (!silencedByLine(text, position.line, rule))
      findings.push({ file, ...position, severity, code: rule, message });
  };
  for (const rule of appRules) rule.check(code, reporter(rule.code, rule.severity));
  for (const { code: rule, check } of cdkChecks) check(code, reporter(rule, 'warning'));
  return findings.sort((a, b) => a.line - b.line || a.column - b.column);
}
