import type { Findings } from './findings.js';
import { isObject, type Json, type JsonObject } from './json.js';
import { validateChoice } from './validate-choice.js';
import * as check from './validate-fields.js';
import { validateGraph } from './validate-graph.js';
import { validateMap } from './validate-map.js';

const TOP = new Set(['Comment', 'Version', 'StartAt', 'States', 'TimeoutSeconds', 'QueryLanguage']);
const COMMON = ['Type', 'Comment', 'QueryLanguage'];
const PATHS = ['InputPath', 'OutputPath'];
const FLOW = ['Next', 'End', 'Assign', ...PATHS];
const RESULT = ['Parameters', 'ResultPath', ...FLOW];
const CATCHING = ['ResultSelector', 'Retry', 'Catch', ...RESULT];
const FIELDS: Record<string, Set<string>> = {
  Pass: fields('Result', ...RESULT),
  Task: fields(
    'Resource',
    'TimeoutSeconds',
    'TimeoutSecondsPath',
    'HeartbeatSeconds',
    'HeartbeatSecondsPath',
    'Credentials',
    ...CATCHING,
  ),
  Choice: fields('Choices', 'Default', 'Assign', ...PATHS),
  Wait: fields('Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath', ...FLOW),
  Succeed: fields(...PATHS),
  Fail: fields('Error', 'ErrorPath', 'Cause', 'CausePath'),
  Parallel: fields('Branches', ...CATCHING),
  Map: fields(
    'ItemProcessor',
    'Iterator',
    'ItemsPath',
    'ItemSelector',
    'ItemReader',
    'ItemBatcher',
    'ResultWriter',
    'Label',
    'MaxConcurrency',
    'MaxConcurrencyPath',
    'ToleratedFailureCount',
    'ToleratedFailureCountPath',
    'ToleratedFailurePercentage',
    'ToleratedFailurePercentagePath',
    ...CATCHING,
  ),
};

function fields(...names: string[]): Set<string> {
  return new Set([...COMMON, ...names]);
}

export function validate(definition: JsonObject, type: 'STANDARD' | 'EXPRESS'): Findings {
  const findings: Findings = { type, errors: [], unsupported: [], labels: new Set() };
  check.knownFields(findings, definition, TOP, '/');
  const jsonata = queryLanguage(findings, definition, '');
  check.integer(findings, definition, 'TimeoutSeconds', '', 1, 99_999_999);
  // The states of a JSONata machine follow other rules.
  if (!jsonata) workflow(findings, definition, '');
  return findings;
}

/** `at`: location of the object that has StartAt and States. */
function workflow(findings: Findings, definition: JsonObject, at: string): void {
  if (!check.required(findings, definition, ['States', 'StartAt'], at || '/')) return;
  if (!isObject(definition.States)) {
    check.add(findings, `The field 'States' must be an object`, `${at}/States`);
    return;
  }
  if (typeof definition.StartAt !== 'string') {
    check.add(findings, 'Expected value of type String', `${at}/StartAt`);
    return;
  }
  if (Object.keys(definition.States).length === 0) {
    check.add(findings, "The field 'States' must have at least one state", `${at}/States`);
    return;
  }
  const before = findings.errors.length;
  for (const [name, value] of Object.entries(definition.States))
    state(findings, name, value, `${at}/States/${name}`);
  // The shape of the graph is looked at only when its states are sound.
  if (findings.errors.length === before) validateGraph(findings, definition, at);
}

function state(findings: Findings, name: string, value: Json, at: string): void {
  if (!isObject(value)) {
    check.add(findings, 'Expected value of type Object', at);
    return;
  }
  if (name.length > 80) check.add(findings, 'State name must not exceed 80 characters', at);
  if (!check.required(findings, value, ['Type'], at)) return;
  const known =
    typeof value.Type === 'string' && Object.hasOwn(FIELDS, value.Type) ? FIELDS[value.Type] : undefined;
  if (!known) {
    const types = '[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]';
    check.add(findings, `The field 'Type' should have one of these values: ${types}`, `${at}/Type`);
    return;
  }
  if (queryLanguage(findings, value, at)) return;
  check.knownFields(findings, value, known, at);
  if (known.has('Next')) check.nextOrEnd(findings, value, at);
  for (const field of ['InputPath', 'OutputPath']) check.nullablePath(findings, value, field, at);
  check.nullableReferencePath(findings, value, 'ResultPath', at);
  for (const field of ['Parameters', 'ResultSelector', 'Assign', 'Credentials', 'ItemSelector'])
    check.template(findings, value, field, at);
  check.errorHandlers(findings, value, at);
  byType(findings, value, at);
}

function byType(findings: Findings, value: JsonObject, at: string): void {
  switch (value.Type) {
    case 'Task':
      check.task(findings, value, at);
      return;
    case 'Wait':
      check.wait(findings, value, at);
      return;
    case 'Fail':
      check.fail(findings, value, at);
      return;
    case 'Choice':
      validateChoice(findings, value, at);
      return;
    case 'Parallel':
      parallel(findings, value, at);
      return;
    case 'Map':
      validateMap(findings, value, at, workflow);
      return;
  }
}

function parallel(findings: Findings, value: JsonObject, at: string): void {
  if (!check.required(findings, value, ['Branches'], at)) return;
  const where = `${at}/Branches`;
  if (!Array.isArray(value.Branches)) check.add(findings, 'Expected value of type Array', where);
  else if (value.Branches.length === 0) check.add(findings, 'Value cannot be empty', where);
  else
    for (const [index, branch] of value.Branches.entries()) {
      if (isObject(branch)) {
        check.knownFields(findings, branch, BRANCH, `${where}[${index}]`);
        workflow(findings, branch, `${where}[${index}]`);
      } else check.add(findings, 'Expected value of type Object', `${where}[${index}]`);
    }
}

const BRANCH = new Set(['Comment', 'StartAt', 'States']);

/** Answers true where the rest cannot be judged by the rules of JSONPath. */
function queryLanguage(findings: Findings, holder: JsonObject, at: string): boolean {
  const language = holder.QueryLanguage;
  if (language === undefined || language === 'JSONPath') return false;
  if (language === 'JSONata') {
    check.unsupported(
      findings,
      "QueryLanguage 'JSONata' is not supported by the local engine yet",
      `${at}/QueryLanguage`,
    );
    return true;
  }
  check.add(findings, "The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata]", at);
  return true;
}
