import { positionOf } from '../../json/json-positions.js';
import type { FindOptions } from '../find-machines.js';
import type { Finding, Severity } from '../rule.js';
import { silencedByLine } from '../suppressions.js';
import { appRules } from './app-rules.js';
import { readCode } from './code.js';

/** Names of the CDK that a rule looks at. */
const CDK =
  /aws-cdk-lib|\b(LambdaInvoke|DistributedMap|stateMachineName|logGroupName|[mM]axInputBytesPerBatch|WAIT_FOR_TASK_TOKEN|waitForTaskToken|TaskInput|Payload|fromBucket(Name|Arn))\b/;

/** What practice advises against in an application's own sources and in those of its CDK stack. */
export async function lintTypeScript(file: string, text: string, options: FindOptions): Promise<Finding[]> {
  const code = readCode(text);
  const findings: Finding[] = [];
  const report = (rule: string, severity: Severity, offset: number, message: string): void => {
    const position = positionOf(text, offset);
    if (!silencedByLine(text, position.line, rule))
      findings.push({ file, ...position, severity, code: rule, message });
  };
  for (const rule of appRules)
    await rule.check(code, (offset, message) => report(rule.code, rule.severity, offset, message), options);
  if (CDK.test(text)) {
    // TypeScript's compiler is larger than all the rest.
    const { lintCdk } = await import('../cdk/lint.js');
    lintCdk(file, text, options, (rule, offset, message) => report(rule, 'warning', offset, message));
  }
  return findings.sort((a, b) => a.line - b.line || a.column - b.column);
}
