import type { FindOptions } from '../find-machines.js';
import type { RulePage } from '../rule.js';
import { bracketsAfter, type Code, classesOf, unknownTypes } from './code.js';

/** A rule on the application's own sources. */
export interface CodeRule extends RulePage {
  check(
    code: Code,
    report: (offset: number, message: string) => void,
    options: FindOptions,
  ): void | Promise<void>;
}

const decorated = ({ bare }: Code, start: number, decorator: string): boolean =>
  new RegExp(`@${decorator}\\([^()]*\\)\\s*(?:@\\w+\\([^()]*\\)\\s*)*(?:export\\s+)?(?:default\\s+)?$`).test(
    bare.slice(0, start),
  );

const orphan: CodeRule = {
  code: 'MF101',
  title: 'Event factory without a base class',
  severity: 'warning',
  why: 'An application has one event factory. Without a base class it handles only Step Functions events: stream, queue and other events fail with "transformDynamodbStream is not a function".',
  instead: 'export class CustomEventFactory extends DefaultEventFactory',
  check(code, report) {
    for (const { name, start, heritage } of classesOf(code))
      if (decorated(code, start, 'EventFactory') && !/\bextends\b/.test(heritage))
        report(
          start,
          `event factory ${name} has no base class: stream, queue and all other events of the app are lost`,
        );
  },
};

const swallowing: CodeRule = {
  code: 'MF102',
  title: 'Event factory drops events',
  severity: 'warning',
  why: 'If transformStepFunction returns [] for state machines it does not know, the framework never receives their events: the command, task and import state machines fail with States.Runtime because $.Payload[0][0] does not exist.',
  instead: 'return super.transformStepFunction(event)',
  check(code, report) {
    for (const { start, text } of bracketsAfter(
      code,
      /\basync\s+transformStepFunction\s*\([^)]*\)[^{]*(?=\{)/g,
    ))
      if (/\breturn\s*\[\s*\]/.test(text) && !text.includes('super.transformStepFunction'))
        report(
          start,
          'transformStepFunction returns [] for other state machines: command, task and import lose their events',
        );
  },
};

const unmade: CodeRule = {
  code: 'MF103',
  title: 'Event class without a constructor',
  severity: 'warning',
  why: 'The factory creates it with new Event(event). Without a constructor this does not compile (TS2554), and the event data would be lost.',
  instead: 'constructor(event?: Partial<ThisEvent>) { Object.assign(this, event) }',
  check(code, report) {
    for (const { name, start, heritage, body } of classesOf(code))
      if (
        /\bimplements\b.*\bIEvent\b/s.test(heritage) &&
        !/\bextends\b/.test(heritage) &&
        /\bcontext\b\s*[!?]?\s*:/.test(body.text) &&
        !/\bconstructor\s*\(/.test(body.text)
      )
        report(
          start,
          `${name} has no constructor: new ${name}(event) does not compile, and the event data would be lost`,
        );
  },
};

const undeclared: CodeRule = {
  code: 'MF104',
  title: 'Undeclared type',
  severity: 'warning',
  why: 'The file neither imports nor declares the type, so it does not compile (TS2304).',
  instead: 'Declare an interface, or import the type.',
  async check(code, report, { unknownTypes: areUnknown }) {
    if (!areUnknown) return;
    const candidates = [...unknownTypes(code)];
    // The application's own compiler decides: it alone knows all of its declarations.
    const unknown =
      candidates.length === 0 ? new Set() : await areUnknown(candidates.map(({ start }) => start));
    for (const { name, start } of candidates)
      if (unknown.has(start)) report(start, `type ${name} is neither imported nor declared`);
  },
};

const service = (code: Code): boolean => code.bare.includes('StepFunctionService');

const misstarted: CodeRule = {
  code: 'MF105',
  title: 'startExecution called with one object',
  severity: 'warning',
  why: "StepFunctionService.startExecution takes (arn, input, name?), serializes the input to JSON itself, and returns AWS's output, not the ARN.",
  instead: 'const { executionArn } = await this.sfnService.startExecution(arn, input, name)',
  check(code, report) {
    if (!service(code)) return;
    for (const { start, text } of bracketsAfter(code, /\.startExecution(?=\s*\()/g))
      if (/^\(\s*\{/.test(text))
        report(
          start,
          'startExecution takes (arn, input, name), not one object, and serializes the input to JSON itself',
        );
  },
};

const unanswered: CodeRule = {
  code: 'MF106',
  title: 'StepFunctionService has no sendTaskSuccess',
  severity: 'warning',
  why: 'StepFunctionService has no sendTaskSuccess or sendTaskFailure. Newer versions provide resumeExecution; all versions expose the client.',
  instead: 'this.sfnService.client.send(new SendTaskSuccessCommand({ taskToken, output }))',
  check(code, report) {
    for (const match of code.bare.matchAll(/\b\w*[sS]fn\w*\.(sendTask(?:Success|Failure))\s*\(/g))
      report(match.index, `StepFunctionService has no ${match[1]}`);
  },
};

const excused: CodeRule = {
  code: 'MF107',
  title: 'Handler returns its error',
  severity: 'warning',
  why: 'A step whose handler returns {status: "error"} succeeds: no Retry, Catch or alarm detects the failure.',
  instead: 'throw error',
  check(code, report) {
    for (const { start, text } of bracketsAfter(code, /\bcatch\s*(?:\([^)]*\))?\s*(?=\{)/g))
      if (/\breturn\s*\{[^}]*\bstatus\s*:\s*['"](error|failed)['"]/i.test(text))
        report(start, 'the handler returns the error, so the step succeeds: neither Retry nor Catch applies');
  },
};

/** Calls, the version since which they fail, and what to write. */
const GONE: [call: RegExp, since: string, message: string][] = [
  [
    /\b\w*[cC]ommandService\.publish\s*\(/g,
    '1.1.0',
    'commandService.publish was removed in 1.1.0: use publishAsync(input, { invokeContext })',
  ],
  [
    /\b\w*[iI]mportService\.createCsvImport\s*\(/g,
    '0.0.0',
    'importService.createCsvImport does not exist: use handleCsvImport({ bucket, key, tableName, … })',
  ],
];

const numbersOf = (version: string): number[] =>
  version.split('.').map((part) => Number.parseInt(part, 10) || 0);

function isBefore(version: string, since: string): boolean {
  const [a, b] = [numbersOf(version), numbersOf(since)];
  const at = [0, 1, 2].find((index) => a[index] !== b[index]);
  return at !== undefined && (a[at] ?? 0) < (b[at] ?? 0);
}

const gone: CodeRule = {
  code: 'MF108',
  title: 'Method does not exist',
  severity: 'warning',
  why: 'The documentation mentions methods that the packages never had or no longer have.',
  instead: 'commandService.publishAsync, importService.handleCsvImport',
  check(code, report, { frameworkVersion }) {
    for (const [pattern, , message] of GONE.filter(
      ([, since]) => frameworkVersion === undefined || !isBefore(frameworkVersion, since),
    ))
      for (const match of code.bare.matchAll(pattern)) report(match.index, message);
  },
};

const tableless: CodeRule = {
  code: 'MF109',
  title: 'Table does not exist',
  severity: 'warning',
  why: "The framework stores the commands of each module in a separate table. An event source on 'commands' never receives a record.",
  instead: "tableNames = ['tasks', 'sample-command', 'import_tmp']",
  check({ code }, report) {
    for (const match of code.matchAll(/\btableNames\s*=\s*\[[^\]]*(['"])commands\1/g))
      report(match.index, "table 'commands' does not exist: each module has its own table, <module>-command");
  },
};

export const appRules = [
  orphan,
  swallowing,
  unmade,
  undeclared,
  misstarted,
  unanswered,
  excused,
  gone,
  tableless,
];
