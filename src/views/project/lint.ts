import type { Finding } from '../../lint/lint.js';
import type { RulePage } from '../../lint/rule.js';
import { paint as inks } from '../text/paint.js';

export interface RuleDocument {
  code: string;
  severity: string;
  title: string;
}

export const ruleDocument = ({ code, severity, title }: RulePage): RuleDocument => ({
  code,
  severity,
  title,
});

/** One line a finding, as compilers write them, and a sum. */
export function lintLines(findings: Finding[], color: boolean): string[] {
  const paint = inks(color);
  const lines = findings.map(({ file, line, column, severity, code, message }) => {
    const colour = { error: paint.red, warning: paint.yellow, info: paint.dim }[severity];
    return `${file}:${line}:${column}  ${colour(severity)}  ${message}  ${paint.dim(code)}`;
  });
  return [...lines, ...sum(findings)];
}

function sum(findings: Finding[]): string[] {
  if (findings.length === 0) return [];
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    if (count === 0) return [];
    return [severity === 'info' ? `${count} info` : `${count} ${severity}${count === 1 ? '' : 's'}`];
  });
  return ['', counts.join(', ')];
}

export function ruleLines(rules: RulePage[], color: boolean): string[] {
  const paint = inks(color);
  return rules.map(({ code, severity, title }) =>
    `${code}  ${severity.padEnd(7)}  ${title}`.replace(code, paint.bold(code)),
  );
}

export const rulePageDocument = ({ code, severity, title, why, instead }: RulePage) => ({
  code,
  severity,
  title,
  why,
  instead,
});

export function rulePage({ code, severity, title, why, instead }: RulePage, color: boolean): string[] {
  const paint = inks(color);
  return [
    paint.bold(`${code}  ${title}`),
    paint.dim(severity),
    '',
    why,
    '',
    `Instead: ${instead}`,
    '',
    `To leave one alone: "Comment": "mbc-flow-ignore: ${code}" on the state (or the machine), in YAML and TypeScript also a comment on the line or above it.`,
  ];
}
