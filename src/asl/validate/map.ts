import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { type Context, type Rule, report } from './context.js';
import type { Place } from './diagnostic.js';
import { decimal, evaluated, integer, oneOf, referencePath, text } from './field-rules.js';
import { isExpressionText } from './jsonata.js';
import { both, exactlyOneOf, type Field, type Fields, jsonata, jsonPath, object, orPath } from './shape.js';
import { objectTemplate, template } from './template.js';

const PATH = referencePath();
const S3_READERS = ['s3:getObject', 's3:listObjectsV2'];
const S3_WRITERS = ['s3:putObject'];

/** The service integration that a part of the Map calls: `arn:PARTITION:states:::s3:getObject`. */
function service(...actions: string[]): Rule {
  return (context, value, place) => {
    text(context, value, place);
    const action = typeof value === 'string' ? /^arn:[^:]+:states:::(.+)$/.exec(value)?.[1] : '';
    if (action === undefined || (action !== '' && !actions.includes(action)))
      report(context, place, "The field 'Resource' does not match any of the allowed values");
  };
}

const CALL: Fields = {
  Parameters: jsonPath(objectTemplate()),
  Arguments: jsonata(template()),
};

const READER_CONFIG = object(
  {
    fields: {
      InputType: both(oneOf('CSV', 'JSON', 'JSONL', 'PARQUET', 'MANIFEST')),
      Transformation: both(oneOf('NONE', 'LOAD_AND_FLATTEN')),
      ManifestType: both(oneOf('ATHENA_DATA', 'S3_INVENTORY')),
      CSVDelimiter: both(oneOf('COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB')),
      CSVHeaderLocation: both(oneOf('FIRST_ROW', 'GIVEN')),
      CSVHeaders: both(headers),
      ItemsPointer: both(text),
      ...orPath('MaxItems', evaluated(integer(0, 100_000_000)), PATH),
    },
    exclusive: [['MaxItems', 'MaxItemsPath']],
  },
  (context, config, place) => {
    const { InputType: input } = config;
    const needs = (field: string, when: boolean): void => {
      if (when && config[field] === undefined) report(context, place, `The field '${field}' is required`);
    };
    const refuses = (field: string, when: boolean): void => {
      if (when && config[field] !== undefined) report(context, place, `Field '${field}' is not supported`);
    };
    needs('CSVHeaderLocation', input === 'CSV');
    needs('CSVHeaders', config.CSVHeaderLocation === 'GIVEN');
    needs('InputType', config.Transformation === 'LOAD_AND_FLATTEN');
    refuses('InputType', config.ManifestType === 'S3_INVENTORY');
    for (const field of ['CSVHeaderLocation', 'CSVHeaders', 'CSVDelimiter'])
      refuses(field, typeof input === 'string' && NO_COLUMNS.has(input));
  },
);

/** Of these inputs nobody has to say how columns are told apart. */
const NO_COLUMNS: ReadonlySet<string> = new Set(['JSON', 'JSONL', 'PARQUET']);

function headers(context: Context, value: Json, place: Place): void {
  if (!Array.isArray(value) || value.some((name) => typeof name !== 'string'))
    report(context, place, 'Expected value of type Array');
}

const ITEM_READER = object({
  fields: { Resource: both(service(...S3_READERS)), ReaderConfig: both(READER_CONFIG), ...CALL },
  required: ['Resource'],
});

const ITEM_BATCHER = object({
  fields: {
    BatchInput: both(template()),
    ...orPath('MaxItemsPerBatch', evaluated(integer(1)), PATH),
    ...orPath('MaxInputBytesPerBatch', evaluated(integer(1, 262_144)), PATH),
  },
  exclusive: [
    ['MaxItemsPerBatch', 'MaxItemsPerBatchPath'],
    ['MaxInputBytesPerBatch', 'MaxInputBytesPerBatchPath'],
  ],
});

const WRITER_CONFIG = object({
  fields: {
    Transformation: both(oneOf('NONE', 'COMPACT', 'FLATTEN')),
    OutputType: both(oneOf('JSON', 'JSONL')),
  },
});

/** Where to write, how to write, or both. */
const RESULT_WRITER = object(
  { fields: { Resource: both(service(...S3_WRITERS)), WriterConfig: both(WRITER_CONFIG), ...CALL } },
  (context, writer, place) => {
    const call = context.language === 'JSONata' ? 'Arguments' : 'Parameters';
    if (writer.Resource === undefined && writer[call] === undefined && writer.WriterConfig === undefined)
      report(context, place, `These fields are required: [Resource, ${call}]`);
    else if (writer.Resource !== undefined && writer[call] === undefined)
      report(context, place, `These fields are required: [${call}]`);
    else if (writer.Resource === undefined && writer[call] !== undefined)
      report(context, place, 'These fields are required: [Resource]');
  },
);

/** What no name on AWS may have. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among the forbidden ones
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]/;

const label: Rule = (context, value, place) => {
  if (typeof value !== 'string') {
    text(context, value, place);
    return;
  }
  if (value === '') report(context, place, `Label '${value}' cannot be empty`, 'INVALID_LABEL_NAME');
  if (value.length > 40)
    report(
      context,
      place,
      `Label '${value}' exceeds the 40-character limit allowed by the service`,
      'INVALID_LABEL_NAME',
    );
  if (FORBIDDEN.test(value))
    report(context, place, `Label '${value}' contains a character that is not allowed`, 'INVALID_LABEL_NAME');
  if (context.labels.has(value))
    report(context, place, `Duplicate Label name: ${value}`, 'DUPLICATE_LABEL_NAME');
  context.labels.add(value);
};

/** A list, or an expression for one. */
const items: Rule = (context, value, place) => {
  if (Array.isArray(value) || isObject(value) || isExpressionText(value)) template()(context, value, place);
  else report(context, place, 'Expected value of type Array');
};

/** Fields that only a Distributed Map heeds. AWS takes them on any Map. */
const DISTRIBUTED: Record<string, Field> = {
  ItemReader: both(ITEM_READER),
  ItemBatcher: both(ITEM_BATCHER),
  ResultWriter: both(RESULT_WRITER),
  Label: both(label),
  ...orPath('ToleratedFailureCount', evaluated(integer(0)), PATH),
  ...orPath('ToleratedFailurePercentage', evaluated(decimal(0, 100)), PATH),
};

export const MAP_FIELDS: Fields = {
  ItemsPath: jsonPath(referencePath({ context: true })),
  Items: jsonata(items),
  ItemSelector: both(template()),
  ...orPath('MaxConcurrency', evaluated(integer(0)), PATH),
  ...DISTRIBUTED,
};

const PROCESSORS = ['ItemProcessor', 'Iterator'];

export const MAP_EXCLUSIVE = [
  ['ItemSelector', 'Parameters'],
  ['MaxConcurrency', 'MaxConcurrencyPath'],
  ['ToleratedFailureCount', 'ToleratedFailureCountPath'],
  ['ToleratedFailurePercentage', 'ToleratedFailurePercentagePath'],
];

const PROCESSOR_CONFIG = object({
  fields: { Mode: both(oneOf('INLINE', 'DISTRIBUTED')), ExecutionType: both(oneOf('STANDARD', 'EXPRESS')) },
});

export const PROCESSOR_FIELDS: Fields = { ProcessorConfig: both(PROCESSOR_CONFIG) };

/** How the items run: in the execution itself, or as executions of a type of their own. */
export function processing(processor: JsonObject): { distributed: boolean; config: JsonObject } {
  const config = isObject(processor.ProcessorConfig) ? processor.ProcessorConfig : {};
  return { distributed: config.Mode === 'DISTRIBUTED', config };
}

export function map(context: Context, state: JsonObject, place: Place): void {
  exactlyOneOf(context, state, PROCESSORS, place);
  const field =
    state.ItemProcessor === undefined && state.Iterator !== undefined ? 'Iterator' : 'ItemProcessor';
  const processor = state[field];
  if (!isObject(processor)) return;
  const { distributed, config } = processing(processor);
  const where = [...place, field, 'ProcessorConfig'];
  if (distributed) {
    if (config.ExecutionType === undefined)
      report(context, where, 'These fields are required: [ExecutionType]');
    if (context.type === 'EXPRESS')
      report(
        context,
        [...where, 'Mode'],
        "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines",
      );
  } else if (config.Mode === 'INLINE' && config.ExecutionType !== undefined)
    report(context, where, "Field 'ExecutionType' is not supported");
}
