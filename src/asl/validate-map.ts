import type { Findings } from './findings.js';
import { isObject, type Json, type JsonObject } from './json.js';
import { isPath, parsePath } from './json-path.js';
import * as check from './validate-fields.js';

const PROCESSOR = new Set(['Comment', 'StartAt', 'States', 'ProcessorConfig']);
const CONFIG = new Set(['Mode', 'ExecutionType']);
const READER = new Set(['Resource', 'Parameters', 'ReaderConfig', 'Bucket']);
const READER_CONFIG = new Set([
  'InputType',
  'CSVHeaderLocation',
  'CSVHeaders',
  'CSVDelimiter',
  'MaxItems',
  'MaxItemsPath',
  'ItemsPointer',
  'Transformation',
  'ManifestType',
]);
const BATCHER = new Set([
  'BatchInput',
  'MaxItemsPerBatch',
  'MaxItemsPerBatchPath',
  'MaxInputBytesPerBatch',
  'MaxInputBytesPerBatchPath',
]);
const WRITER = new Set(['Resource', 'Parameters', 'WriterConfig']);
const DISTRIBUTED_ONLY = [
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'Label',
  'ToleratedFailureCount',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentage',
  'ToleratedFailurePercentagePath',
];

export function validateMap(
  findings: Findings,
  state: JsonObject,
  at: string,
  workflow: (findings: Findings, definition: JsonObject, at: string) => void,
): void {
  const field =
    state.ItemProcessor === undefined && state.Iterator !== undefined ? 'Iterator' : 'ItemProcessor';
  check.onlyOneOf(findings, state, ['ItemProcessor', 'Iterator'], at);
  check.onlyOneOf(findings, state, ['ItemSelector', 'Parameters'], at);
  check.integerOrPath(findings, state, 'MaxConcurrency', at, 0);
  if (state.ItemsPath !== undefined && !(typeof state.ItemsPath === 'string' && isPath(state.ItemsPath)))
    check.add(findings, 'Value is not a Reference Path', `${at}/ItemsPath`);
  else if (typeof state.ItemsPath === 'string' && !parsePath(state.ItemsPath).definite)
    check.add(findings, 'Value is not a Reference Path', `${at}/ItemsPath`);
  if (!check.required(findings, state, [field], at)) return;
  const processor = state[field];
  const where = `${at}/${field}`;
  if (!isObject(processor)) {
    check.add(findings, 'Expected value of type Object', where);
    return;
  }
  check.knownFields(findings, processor, PROCESSOR, where);
  const config = isObject(processor.ProcessorConfig) ? processor.ProcessorConfig : {};
  processorConfig(findings, config, `${where}/ProcessorConfig`);
  if (config.Mode === 'DISTRIBUTED') distributed(findings, state, at);
  else
    for (const name of DISTRIBUTED_ONLY)
      if (state[name] !== undefined) check.add(findings, `Field '${name}' is not supported`, at);
  const type = config.ExecutionType === 'EXPRESS' ? 'EXPRESS' : findings.type;
  workflow({ ...findings, type }, processor, where);
}

function processorConfig(findings: Findings, config: JsonObject, at: string): void {
  check.knownFields(findings, config, CONFIG, at);
  oneOf(findings, config, 'Mode', ['INLINE', 'DISTRIBUTED'], at);
  oneOf(findings, config, 'ExecutionType', ['STANDARD', 'EXPRESS'], at);
  if (config.Mode !== 'DISTRIBUTED') {
    if (config.ExecutionType !== undefined) check.add(findings, "Field 'ExecutionType' is not supported", at);
    return;
  }
  check.required(findings, config, ['ExecutionType'], at);
  if (findings.type === 'EXPRESS')
    check.add(findings, 'Express state machine does not support Distributed Map', `${at}/Mode`);
}

function distributed(findings: Findings, state: JsonObject, at: string): void {
  check.integerOrPath(findings, state, 'ToleratedFailureCount', at, 0);
  check.onlyOneOf(findings, state, ['ToleratedFailurePercentage', 'ToleratedFailurePercentagePath'], at);
  check.referencePath(findings, state, 'ToleratedFailurePercentagePath', at);
  const percentage = state.ToleratedFailurePercentage;
  const where = `${at}/ToleratedFailurePercentage`;
  if (percentage !== undefined && typeof percentage !== 'number')
    check.add(findings, 'Expected value of type Number', where);
  else if (percentage !== undefined && percentage < 0) check.add(findings, 'Minimum value is 0.0', where);
  else if (percentage !== undefined && percentage > 100) check.add(findings, 'Maximum value is 100.0', where);
  label(findings, state.Label, `${at}/Label`);
  part(findings, state, 'ItemReader', READER, at, itemReader);
  part(findings, state, 'ItemBatcher', BATCHER, at, itemBatcher);
  part(findings, state, 'ResultWriter', WRITER, at, resultWriter);
}

/** What no name on AWS may have. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among the forbidden ones
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]/;

function label(findings: Findings, value: Json | undefined, at: string): void {
  if (value === undefined) return;
  if (typeof value !== 'string') {
    check.add(findings, 'Expected value of type String', at);
    return;
  }
  if (value === '' || value.length > 40)
    check.add(findings, 'The length of Label must be between 1 and 40', at);
  if (FORBIDDEN.test(value))
    check.add(findings, `Label '${value}' contains a character that is not allowed`, at);
  if (findings.labels.has(value)) check.add(findings, `Label '${value}' is not unique`, at);
  findings.labels.add(value);
}

function part(
  findings: Findings,
  state: JsonObject,
  field: string,
  known: ReadonlySet<string>,
  at: string,
  rules: (findings: Findings, value: JsonObject, at: string) => void,
): void {
  const value = state[field];
  if (value === undefined) return;
  const where = `${at}/${field}`;
  if (!isObject(value)) {
    check.add(findings, 'Expected value of type Object', where);
    return;
  }
  check.knownFields(findings, value, known, where);
  rules(findings, value, where);
}

function itemReader(findings: Findings, reader: JsonObject, at: string): void {
  check.required(findings, reader, ['Resource'], at);
  check.string(findings, reader, 'Resource', at);
  check.template(findings, reader, 'Parameters', at);
  const config = reader.ReaderConfig;
  if (config === undefined) return;
  const where = `${at}/ReaderConfig`;
  if (!isObject(config)) {
    check.add(findings, 'Expected value of type Object', where);
    return;
  }
  check.knownFields(findings, config, READER_CONFIG, where);
  oneOf(findings, config, 'InputType', ['CSV', 'JSON', 'JSONL', 'PARQUET', 'MANIFEST'], where);
  oneOf(findings, config, 'CSVHeaderLocation', ['FIRST_ROW', 'GIVEN'], where);
  oneOf(findings, config, 'CSVDelimiter', ['COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB'], where);
  check.integerOrPath(findings, config, 'MaxItems', where, 0, 100_000_000);
  if (config.InputType === 'CSV') check.required(findings, config, ['CSVHeaderLocation'], where);
  if (config.CSVHeaderLocation === 'GIVEN') check.required(findings, config, ['CSVHeaders'], where);
  for (const field of ['ItemsPointer', 'Transformation', 'ManifestType'])
    if (config[field] !== undefined)
      check.unsupported(findings, `Field '${field}' is not supported by the local engine yet`, where);
}

function itemBatcher(findings: Findings, batcher: JsonObject, at: string): void {
  check.template(findings, batcher, 'BatchInput', at);
  check.integerOrPath(findings, batcher, 'MaxItemsPerBatch', at, 1);
  check.integerOrPath(findings, batcher, 'MaxInputBytesPerBatch', at, 1, 262_144);
}

function resultWriter(findings: Findings, writer: JsonObject, at: string): void {
  check.string(findings, writer, 'Resource', at);
  check.template(findings, writer, 'Parameters', at);
}

function oneOf(findings: Findings, holder: JsonObject, field: string, values: string[], at: string): void {
  const value = holder[field];
  if (value !== undefined && !(typeof value === 'string' && values.includes(value)))
    check.add(
      findings,
      `The field '${field}' should have one of these values: [${values.join(', ')}]`,
      `${at}/${field}`,
    );
}
