import ts from 'typescript';
import { placeholderBucket } from '../rules/maps.js';
import {
  calledFunction,
  construction,
  isOpen,
  keyOf,
  lastName,
  nodesOf,
  property,
  textOf,
} from './syntax.js';

/** A practice rule, seen in the source of a CDK stack rather than in its template. */
export interface CdkCheck {
  /** Of the rule whose page explains it. */
  code: string;
  check(source: ts.SourceFile, report: (offset: number, message: string) => void, about: About): void;
}

/** What is known of the project that the file belongs to. */
export interface About {
  /** Some source lets the function answer: `grantTaskResponse`, states:SendTaskSuccess. */
  answersGranted?: boolean;
}

const TINY_BATCH = 1024;

/** Every property of the file, by its name. */
function* properties(source: ts.SourceFile, pattern: RegExp): Generator<ts.PropertyAssignment> {
  for (const node of nodesOf(source))
    if (ts.isPropertyAssignment(node) && pattern.test(keyOf(node))) yield node;
}

const tinyBatch: CdkCheck = {
  code: 'MF010',
  check(source, report) {
    for (const { name, initializer } of properties(source, /^[mM]axInputBytesPerBatch$/))
      if (ts.isNumericLiteral(initializer) && Number(initializer.text) < TINY_BATCH)
        report(
          name.getStart(),
          `batches of ${initializer.text} bytes hold one row each (use MaxItemsPerBatch to count rows)`,
        );
  },
};

const nameless: CdkCheck = {
  code: 'MF009',
  check(source, report) {
    for (const { name, initializer } of properties(source, /^stateMachineName$/)) {
      const text = textOf(initializer) ?? '';
      if (/^-?task(-handler)?$/.test(text))
        report(
          name.getStart(),
          `the name '${text}' does not contain 'sfn-task': the framework treats its events as commands`,
        );
    }
  },
};

const contextless: CdkCheck = {
  code: 'MF008',
  check(source, report) {
    for (const node of nodesOf(source)) {
      const payload = payloadIn(node);
      if (!payload || isOpen(payload) || property(payload, ['context', 'context.$'])) continue;
      if (/\.\$['"]|JsonPath/.test(payload.getText()))
        report(
          node.getStart(),
          'the payload does not pass the context ($$): the framework cannot route its event',
        );
    }
  },
};

/** What a function is sent: `TaskInput.fromObject({ … })`, or `Payload: { … }`. */
function payloadIn(node: ts.Node): ts.ObjectLiteralExpression | undefined {
  if (ts.isCallExpression(node) && /(^|\.)TaskInput\.fromObject$/.test(node.expression.getText()))
    return node.arguments.find(ts.isObjectLiteralExpression);
  if (
    ts.isPropertyAssignment(node) &&
    keyOf(node) === 'Payload' &&
    ts.isObjectLiteralExpression(node.initializer)
  )
    return node.initializer;
  return undefined;
}

const waitsIn = (node: ts.Node): boolean => /\bWAIT_FOR_TASK_TOKEN\b/.test(node.getText());

const unwrapped: CdkCheck = {
  code: 'MF006',
  check(source, report) {
    for (const node of nodesOf(source)) {
      const made = construction(node);
      if (made?.name !== 'LambdaInvoke' || !made.props || isOpen(made.props) || waitsIn(made.props)) continue;
      const payload = [...nodesOf(made.props)].map(payloadIn).find((one) => one !== undefined);
      if (
        payload &&
        property(payload, ['context', 'context.$']) &&
        !property(made.props, [
          'outputPath',
          'resultSelector',
          'resultPath',
          'outputs',
          'payloadResponseOnly',
        ])
      )
        report(
          node.getStart(),
          "no outputPath: the next state receives Lambda's response envelope, not the handler's result ($.Payload[0][0])",
        );
    }
  },
};

const LIMITS = ['taskTimeout', 'heartbeatTimeout', 'timeout', 'heartbeat'];
const ASL_LIMITS = ['TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath'];

const untimed: CdkCheck = {
  code: 'MF001',
  check(source, report) {
    if (everyMachineEnds(source)) return;
    for (const node of nodesOf(source)) {
      if (
        ts.isPropertyAccessExpression(node) &&
        node.name.text === 'WAIT_FOR_TASK_TOKEN' &&
        isUntimed(source, node)
      )
        report(
          node.name.getStart(),
          'a step waits for an answer without taskTimeout: without an answer it waits for a year',
        );
      if (!ts.isPropertyAssignment(node) || keyOf(node) !== 'Resource') continue;
      if (!textOf(node.initializer)?.endsWith('.waitForTaskToken')) continue;
      if (
        ts.isObjectLiteralExpression(node.parent) &&
        !isOpen(node.parent) &&
        !property(node.parent, ASL_LIMITS)
      )
        report(
          node.getStart(),
          'a step waits for an answer without TimeoutSeconds: without an answer it waits for a year',
        );
    }
  },
};

/** All machines of the file have a timeout of their own, which ends their waiting states as well. */
function everyMachineEnds(source: ts.SourceFile): boolean {
  const machines = [...nodesOf(source)].map(construction).filter((one) => one?.name === 'StateMachine');
  return machines.length > 0 && machines.every((one) => one?.props && property(one.props, ['timeout']));
}

/** A state's integration pattern without one of the limits beside it, or in the helper that makes the state of it. */
function isUntimed(source: ts.SourceFile, pattern: ts.Node): boolean {
  for (let at = pattern.parent; at && !ts.isStatement(at); at = at.parent) {
    if (ts.isBinaryExpression(at) || ts.isCaseClause(at)) return false;
    if (ts.isObjectLiteralExpression(at)) {
      if (!isOfState(at)) continue;
      return !isOpen(at) && !property(at, LIMITS);
    }
    if (ts.isCallExpression(at)) {
      const helper = calledFunction(source, at);
      return helper !== undefined && !at.arguments.some((one) => limited(one)) && !limited(helper);
    }
  }
  return false;
}

const isOfState = (literal: ts.ObjectLiteralExpression): boolean =>
  property(literal, ['integrationPattern']) !== undefined;

const limited = (node: ts.Node): boolean =>
  [...nodesOf(node)].some((one) => ts.isObjectLiteralExpression(one) && property(one, LIMITS) !== undefined);

const unanswerable: CdkCheck = {
  code: 'MF024',
  check(source, report, { answersGranted }) {
    if (answersGranted !== false) return;
    for (const node of nodesOf(source)) {
      const pattern = ts.isPropertyAccessExpression(node) && node.name.text === 'WAIT_FOR_TASK_TOKEN';
      if (!pattern || ts.isBinaryExpression(node.parent)) continue;
      report(
        node.name.getStart(),
        'a step waits for an answer, but nothing lets the function give it (states:SendTaskSuccess)',
      );
      return;
    }
  },
};

const sharedLogs: CdkCheck = {
  code: 'MF017',
  check(source, report) {
    for (const { name, initializer } of properties(source, /^logGroupName$/))
      if (ts.isStringLiteralLike(initializer))
        report(
          name.getStart(),
          `log group '${initializer.text}' is the same for every environment in the account: include the prefix in its name`,
        );
  },
};

const intolerant: CdkCheck = {
  code: 'MF016',
  check(source, report) {
    for (const node of nodesOf(source)) {
      const made = construction(node);
      if (made?.name !== 'DistributedMap') continue;
      const { props } = made;
      if (props && (isOpen(props) || property(props, TOLERANCES))) continue;
      if (!props && (made.node.arguments?.length ?? 0) > 2) continue;
      if (caughtIn(source, made.node)) continue;
      report(
        node.getStart(),
        'the map run neither tolerates nor catches a failed child: one failed batch fails the whole run',
      );
    }
  },
};

const TOLERANCES = [
  'toleratedFailureCount',
  'toleratedFailureCountPath',
  'toleratedFailurePercentage',
  'toleratedFailurePercentagePath',
];

/** `new Map(…).itemProcessor(…).addCatch(…)`, or `addCatch` on what it is assigned to. */
function caughtIn(source: ts.SourceFile, made: ts.Node): boolean {
  let at = made;
  for (; ts.isPropertyAccessExpression(at.parent) || ts.isCallExpression(at.parent); at = at.parent) {
    if (ts.isPropertyAccessExpression(at) && at.name.text === 'addCatch') return true;
    if (ts.isCallExpression(at.parent) && at.parent.expression !== at) break;
  }
  const { parent } = at;
  const name =
    ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)
      ? parent.name.getText()
      : ts.isBinaryExpression(parent)
        ? lastName(parent.left)
        : '';
  if (name === '') return false;
  for (const node of nodesOf(source)) {
    if (!ts.isCallExpression(node) || lastName(node.expression) !== 'addCatch') continue;
    for (const inner of nodesOf(node.expression))
      if (ts.isIdentifier(inner) && inner.text === name) return true;
  }
  return false;
}

const placeholder: CdkCheck = {
  code: 'MF015',
  check(source, report) {
    for (const node of nodesOf(source)) {
      const named =
        ts.isCallExpression(node) && /^fromBucket(Name|Arn)$/.test(lastName(node.expression))
          ? node.arguments[2]
          : ts.isPropertyAssignment(node) && /^([bB]ucket|bucketName)$/.test(keyOf(node))
            ? node.initializer
            : undefined;
      const bucket =
        named && ts.isStringLiteralLike(named) ? named.text.replace(/^arn:aws:s3:::/, '') : undefined;
      if (named && bucket !== undefined && placeholderBucket.test(bucket))
        report(named.getStart(), `'${bucket}' looks like a placeholder for a bucket name`);
    }
  },
};

export const cdkChecks = [
  tinyBatch,
  nameless,
  contextless,
  unwrapped,
  untimed,
  unanswerable,
  sharedLogs,
  intolerant,
  placeholder,
];
