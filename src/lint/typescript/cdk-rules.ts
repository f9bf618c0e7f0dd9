import { balancedEnd, bracketsAfter, type Code, classesOf, type Part } from './code.js';

/** A practice rule, seen in the source of a CDK stack rather than in its template. */
export interface CdkCheck {
  /** Of the rule whose page explains it. */
  code: string;
  check(code: Code, report: (offset: number, message: string) => void): void;
}

const LAMBDA_INVOKE = /\bnew\s+(?:\w+\.)?LambdaInvoke(?=\s*\()/g;
const TINY_BATCH = 1024;

const tinyBatch: CdkCheck = {
  code: 'MF010',
  check({ bare }, report) {
    for (const match of bare.matchAll(/\b(?:m|M)axInputBytesPerBatch\s*:\s*(\d+)/g))
      if (Number(match[1]) < TINY_BATCH)
        report(
          match.index,
          `batches of ${match[1]} bytes hold one row each (use MaxItemsPerBatch to count rows)`,
        );
  },
};

const nameless: CdkCheck = {
  code: 'MF009',
  check({ code }, report) {
    for (const match of code.matchAll(/\bstateMachineName\s*:\s*['"`]([\w-]+)['"`]/g))
      if (/(^|-)task(-handler)?$/.test(match[1] ?? '') && !match[1]?.includes('sfn-task'))
        report(
          match.index,
          `the name '${match[1]}' does not contain 'sfn-task': the framework treats its events as commands`,
        );
  },
};

const contextless: CdkCheck = {
  code: 'MF008',
  check(code, report) {
    const payloads = [
      ...bracketsAfter(code, /\bTaskInput\.fromObject\s*\((?=\s*\{)/g),
      ...bracketsIn(code, /["']?Payload["']?\s*:\s*(?=\{)/g),
    ];
    for (const { start, text } of payloads)
      if (!/context(\.\$)?['"]?\s*:/.test(text) && /\.\$|JsonPath/.test(text))
        report(start, 'the payload does not pass the context ($$): the framework cannot route its event');
  },
};

/** Like bracketsAfter, for keys that may be written as strings. */
function* bracketsIn(code: Code, pattern: RegExp): Generator<Part> {
  for (const match of code.code.matchAll(pattern)) {
    const open = match.index + match[0].length;
    yield { start: match.index, text: code.code.slice(open, balancedEnd(code, open)) };
  }
}

const unwrapped: CdkCheck = {
  code: 'MF006',
  check(code, report) {
    for (const { start, text } of bracketsAfter(code, LAMBDA_INVOKE))
      if (
        /context\.\$/.test(text) &&
        !/\b(outputPath|resultSelector|resultPath|outputs|payloadResponseOnly)\b/.test(text)
      )
        report(
          start,
          "no outputPath: the next state receives Lambda's response envelope, not the handler's result ($.Payload[0][0])",
        );
  },
};

const untimed: CdkCheck = {
  code: 'MF001',
  check(code, report) {
    for (const { text, start } of scopesOf(code)) {
      const waits = text.search(/\bWAIT_FOR_TASK_TOKEN\b/);
      if (waits >= 0 && !/\b(taskTimeout|heartbeatTimeout|timeout|heartbeat)\s*:/.test(text))
        report(
          start + waits,
          'a step waits for an answer without taskTimeout: without an answer it waits for a year',
        );
    }
    for (const match of code.code.matchAll(/["']Resource["']\s*:\s*["'][^"']*\.waitForTaskToken["']/g)) {
      const open = code.bare.lastIndexOf('{', match.index);
      if (!/(Timeout|Heartbeat)Seconds/.test(code.code.slice(open, balancedEnd(code, open))))
        report(
          match.index,
          'a step waits for an answer without TimeoutSeconds: without an answer it waits for a year',
        );
    }
  },
};

/** The classes, each a stack or a construct with machines of its own; a file without any is one scope. */
function scopesOf(code: Code): Part[] {
  const classes = [...classesOf(code)].map(({ body }) => body);
  return classes.length > 0 ? classes : [{ start: 0, text: code.code }];
}

const sharedLogs: CdkCheck = {
  code: 'MF017',
  check({ code }, report) {
    for (const match of code.matchAll(/\blogGroupName\s*:\s*(['"])(.*?)\1/g))
      report(
        match.index,
        `log group '${match[2]}' is the same for every environment in the account: include the prefix in its name`,
      );
  },
};

const intolerant: CdkCheck = {
  code: 'MF016',
  check({ bare }, report) {
    const map = bare.search(/\bnew\s+(?:\w+\.)?DistributedMap\s*\(/);
    if (map >= 0 && !/toleratedFailure|\.addCatch\(/.test(bare))
      report(
        map,
        'the map run neither tolerates nor catches a failed child: one failed batch fails the whole run',
      );
  },
};

export const cdkChecks = [tinyBatch, nameless, contextless, unwrapped, untimed, sharedLogs, intolerant];
