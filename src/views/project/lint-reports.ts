import type { Finding } from '../../lint/lint.js';
import type { RulePage } from '../../lint/rule.js';
import { xmlAttribute, xmlText } from '../text/xml.js';

export type Reporter = 'text' | 'github' | 'sarif' | 'junit';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/** Static Analysis Results Interchange Format 2.1.0, as code scanning services read it. */
export function sarif(findings: Finding[], rules: RulePage[], version: string): object {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  const described = codes.map((code) => {
    const rule = rules.find((one) => one.code === code);
    return {
      id: code,
      ...(rule && {
        shortDescription: { text: rule.title },
        fullDescription: { text: rule.why },
        help: { text: `Instead: ${rule.instead}` },
        defaultConfiguration: { level: levels[rule.severity] },
      }),
    };
  });
  const results = findings.map(({ file, line, column, severity, code, message }) => ({
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: levels[severity],
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
  }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'mbc-flow', version, rules: described } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
}

/** A path as a relative reference; the ARN of a deployed machine is a URI already. */
const uriOf = (file: string): string =>
  file.startsWith('arn:')
    ? encodeURI(file)
    : file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');

/** Commands of a GitHub workflow: each finding is shown at its line. */
export function githubLines(findings: Finding[]): string[] {
  const data = (text: string): string =>
    text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const value = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return findings.map(({ file, line, column, severity, code, message }) => {
    const command = severity === 'info' ? 'notice' : severity;
    return `::${command} file=${value(file)},line=${line},col=${column},title=${value(code)}::${data(message)}`;
  });
}

/** A test case for each finding, and one for each file without any. Infos fail nothing. */
export function junitLines(findings: Finding[], files: string[]): string[] {
  const failed = findings.filter(({ severity }) => severity !== 'info');
  const clean = files.filter((file) => !failed.some((finding) => finding.file === file));
  const cases = [
    ...clean.map((file) => `    <testcase classname=${xmlAttribute(file)} name="lint"/>`),
    ...failed.flatMap(({ file, line, column, severity, code, message }) => [
      `    <testcase classname=${xmlAttribute(file)} name=${xmlAttribute(`${code} ${line}:${column}`)}>`,
      `      <failure type=${xmlAttribute(severity)} message=${xmlAttribute(message)}>${xmlText(`${file}:${line}:${column}`)}</failure>`,
      '    </testcase>',
    ]),
  ];
  const counts = `tests="${clean.length + failed.length}" failures="${failed.length}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="mbc-flow lint" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
  ];
}
