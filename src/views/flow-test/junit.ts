import type { CaseResult } from '../../operations/flow-test/run-flow-tests.js';
import { xmlAttribute, xmlText } from '../text/xml.js';
import { caseLines } from './results.js';

/** A suite for each file, with what the schemas of continuous integrations have in common. */
export function junitLines(results: readonly CaseResult[]): string[] {
  const files = [...new Set(results.map(({ test }) => test.path))];
  const counts = (of: readonly CaseResult[]): string =>
    `tests="${of.length}" failures="${of.filter(({ passed }) => !passed).length}" time="${seconds(of)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mbc-flow test" ${counts(results)}>`,
    ...files.flatMap((file) => {
      const own = results.filter(({ test }) => test.path === file);
      return [
        `  <testsuite name=${xmlAttribute(file)} ${counts(own)}>`,
        ...own.flatMap(caseOf),
        '  </testsuite>',
      ];
    }),
    '</testsuites>',
  ];
}

const seconds = (results: readonly CaseResult[]): string =>
  (results.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000).toFixed(3);

function caseOf(result: CaseResult): string[] {
  const { test, name, passed, differences } = result;
  const head = `    <testcase classname=${xmlAttribute(test.machine.name)} name=${xmlAttribute(name)} time="${seconds([result])}"`;
  if (passed) return [`${head}/>`];
  const [first] = differences;
  const message = first?.message ?? `${first?.what} ${first?.path ?? ''}`.trim();
  const [, ...lines] = caseLines(result, false);
  return [
    `${head}>`,
    `      <failure message=${xmlAttribute(message)}>${xmlText(lines.join('\n'))}</failure>`,
    '    </testcase>',
  ];
}
