import type { RulePage } from '../rule.js';
import { bracketsAfter, type Code, classesOf, unknownTypes } from './code.js';

/** A rule on the application's own sources. */
export interface CodeRule extends RulePage {
  check(code: Code, report: (offset: number, message: string) => void): void;
}

const decorated = ({ bare }: Code, start: number, decorator: string): boolean =>
  new RegExp(`@${decorator}\\([^()]*\\)\\s*(?:@\\w+\\([^()]*\\)\\s*)*(?:export\\s+)?(?:default\\s+)?$`).test(
    bare.slice(0, start),
  );

const orphan: CodeRule = {
  code: 'MF101',
  title: 'An event factory that extends nothing',
  severity: 'warning',
  why: 'The application has one event factory. One without a base class knows Step Functions only: streams, queues and the other events end in "transformDynamodbStream is not a function".',
  instead: 'export class CustomEventFactory extends DefaultEventFactory',
  check(code, report) {
    for (const { name, start, heritage } of classesOf(code))
      if (decorated(code, start, 'EventFactory') && !/\bextends\b/.test(heritage))
        report(
          start,
          `the event factory ${name} extends no other: streams, queues and all other events of the app are lost`,
        );
  },
};

const swallowing: CodeRule = {
  code: 'MF102',
  title: 'An event factory that drops events',
  severity: 'warning',
  why: 'transformStepFunction that answers [] for machines it does not know takes their events from the framework: the command, task and import machines fail with States.Runtime, since $.Payload[0][0] is not there.',
  instead: 'return super.transformStepFunction(event)',
  check(code, report) {
    for (const { start, text } of bracketsAfter(
      code,
      /\basync\s+transformStepFunction\s*\([^)]*\)[^{]*(?=\{)/g,
    ))
      if (/\breturn\s*\[\s*\]/.test(text) && !text.includes('super.transformStepFunction'))
        report(
          start,
          'transformStepFunction answers [] for other machines: command, task and import lose their events',
        );
  },
};

const unmade: CodeRule = {
  code: 'MF103',
  title: 'An event class that takes no event',
  severity: 'warning',
  why: 'The factory makes it with new Event(event). Without a constructor that does not compile (TS2554), and nothing of the event would arrive.',
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
          `${name} has no constructor: new ${name}(event) does not compile, and keeps nothing of the event`,
        );
  },
};

const undeclared: CodeRule = {
  code: 'MF104',
  title: 'A type that is declared nowhere',
  severity: 'warning',
  why: 'The file neither imports nor declares the name: it does not compile (TS2304).',
  instead: 'An interface of your own, or the import.',
  check(code, report) {
    if (!/\bfrom\s+['"]@(mbc-cqrs-serverless|nestjs)\//.test(code.code)) return;
    for (const { name, start } of unknownTypes(code))
      report(start, `the type ${name} is neither imported nor declared`);
  },
};

const service = (code: Code): boolean => code.bare.includes('StepFunctionService');

const misstarted: CodeRule = {
  code: 'MF105',
  title: 'startExecution with one object',
  severity: 'warning',
  why: "StepFunctionService.startExecution takes (arn, input, name?), makes the JSON text of the input itself, and answers AWS's output, not the ARN.",
  instead: 'const { executionArn } = await this.sfnService.startExecution(arn, input, name)',
  check(code, report) {
    if (!service(code)) return;
    for (const { start, text } of bracketsAfter(code, /\.startExecution(?=\s*\()/g))
      if (/^\(\s*\{/.test(text))
        report(
          start,
          'startExecution takes (arn, input, name), not one object; and it makes the JSON text itself',
        );
  },
};

const unanswered: CodeRule = {
  code: 'MF106',
  title: 'sendTaskSuccess of a service that has none',
  severity: 'warning',
  why: 'StepFunctionService has no sendTaskSuccess: newer versions have resumeExecution, all have the client.',
  instead: 'this.sfnService.client.send(new SendTaskSuccessCommand({ taskToken, output }))',
  check(code, report) {
    for (const match of code.bare.matchAll(/\b\w*[sS]fn\w*\.(sendTask(?:Success|Failure))\s*\(/g))
      report(match.index, `StepFunctionService has no ${match[1]}`);
  },
};

const excused: CodeRule = {
  code: 'MF107',
  title: 'A handler that returns its error',
  severity: 'warning',
  why: 'A step whose handler answers {status: "error"} has succeeded: no Retry, no Catch and no alarm sees it.',
  instead: 'throw error',
  check(code, report) {
    for (const { start, text } of bracketsAfter(code, /\bcatch\s*(?:\([^)]*\))?\s*(?=\{)/g))
      if (/\breturn\s*\{[^}]*\bstatus\s*:\s*['"](error|failed)['"]/i.test(text))
        report(start, 'an error that is returned lets the step succeed: neither Retry nor Catch sees it');
  },
};

const GONE: [RegExp, string][] = [
  [
    /\b\w*[cC]ommandService\.publish\s*\(/g,
    'commandService.publish is gone since 1.1.0: publishAsync(input, { invokeContext })',
  ],
  [
    /\b\w*[iI]mportService\.createCsvImport\s*\(/g,
    'importService.createCsvImport does not exist: handleCsvImport({ bucket, key, tableName, … })',
  ],
];

const gone: CodeRule = {
  code: 'MF108',
  title: 'A method that is not there',
  severity: 'warning',
  why: 'The documentation names methods that the packages do not have, or have no more.',
  instead: 'commandService.publishAsync, importService.handleCsvImport',
  check(code, report) {
    for (const [pattern, message] of GONE)
      for (const match of code.bare.matchAll(pattern)) report(match.index, message);
  },
};

const tableless: CodeRule = {
  code: 'MF109',
  title: 'A table that no module has',
  severity: 'warning',
  why: "The framework keeps the commands of each module in a table of its own. An event source on 'commands' listens to nothing.",
  instead: "tableNames = ['tasks', 'sample-command', 'import_tmp']",
  check({ code }, report) {
    for (const match of code.matchAll(/\btableNames\s*=\s*\[[^\]]*(['"])commands\1/g))
      report(match.index, "there is no table 'commands': each module has its own, <module>-command");
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
