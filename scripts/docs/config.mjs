import { code, fenced, page, table } from './markdown.mjs';

const typeOf = ({ type, enum: values, anyOf, items, additionalProperties, properties }) => {
  if (values) return values.map((one) => code(one)).join(' or ');
  if (anyOf) return anyOf.map(typeOf).join(' or ');
  if (type === 'array') return items?.type === 'string' ? 'strings' : 'list';
  if (type === 'object' && additionalProperties && !properties) return 'object by name';
  return type ?? '';
};

/** Each member below `schema`, by its path. */
function rows(schema, path = '') {
  const of = (variant) => [
    ...Object.entries(variant.properties ?? {}).flatMap(([name, one]) => {
      const at = path === '' ? name : `${path}.${name}`;
      return [rowOf(at, one), ...rows(one, at)];
    }),
    ...(variant.additionalProperties ? rows(variant.additionalProperties, `${path}.NAME`) : []),
    ...(variant.items ? rows(variant.items, `${path}[]`) : []),
  ];
  return [schema, ...(schema.anyOf ?? [])].flatMap(of);
}

function rowOf(path, schema) {
  const { description = '', default: value, examples = [], enum: values } = schema;
  const notes = [
    description,
    value !== undefined && `Default: ${code(value)}.`,
    examples.length > 0 && !values && `For example ${examples.map((one) => code(one)).join(', ')}.`,
  ];
  return [code(path), typeOf(schema), notes.filter(Boolean).join(' ')];
}

const example = {
  $schema: './node_modules/mbc-flow/dist/mbc-flow.schema.json',
  defaultTarget: 'local',
  targets: {
    dev: { profile: 'acme-dev', region: 'ap-northeast-1', prefix: 'dev-acme-', tenant: 't1' },
    prod: {
      profile: 'acme-prod',
      region: 'ap-northeast-1',
      account: '123456789012',
      prefix: 'prod-acme-',
      protected: true,
      audit: 's3://acme-audit/mbc-flow',
    },
  },
  local: {
    functions: { '*': './dist/main.handler' },
    machines: { approval: './infra/state-machines/approval.asl.json' },
  },
};

/** mbc-flow.json, from its schema. */
export const configPage = ({ configSchema }) =>
  page('mbc-flow.json', 'src/config/config-schema.ts', [
    'Where commands work, and what the local server runs. `mbc-flow init` writes it from what the project shows; it may also stand under `"mbc-flow"` in package.json. An editor checks it by `$schema` (`dist/mbc-flow.schema.json` in the package).',
    fenced(JSON.stringify(example, null, 2), 'json'),
    '## Which file is read',
    'The nearest one, upwards from the working directory, and no other: a file nearer hides those above it as a whole. A file that `extends` others takes what they say, key by key, and its own word wins; a target, a function or a machine is one key and is taken as a whole. Of a list, the later file wins. Paths are relative to the file that they are written in. A file that is missing, a circle, or more than 10 levels end with exit code 2 and the place.',
    fenced(
      JSON.stringify(
        { extends: '../../mbc-flow.json', local: { functions: { '*': './dist/main.handler' } } },
        null,
        2,
      ),
      'json',
    ),
    'Flags win over a target, and a target wins over the environment and `.env`, which only fill gaps. The data directory of the local server is `.mbc-flow` beside the nearest file.',
    '## Members',
    table(
      ['member', 'type', ''],
      rows(configSchema).filter(([name]) => name !== '`$schema`'),
    ),
    '## The audit trail',
    'With `audit`, each change of a target is recorded: an answer (`approve`, `reject`, `resume`, `fail`, `heartbeat`), a start, stop or redrive, and a call of a function. In a bucket that is one object, written with `If-None-Match: *` so that none is overwritten, under a key that sorts by time (`PREFIX/2026/11/29/20261129T200152.123Z-00001-ID.json`); in a file it is one line. An entry says who (by STS), when, what was typed and called, which execution and step, and the outcome. It never has what was sent, nor a task token.',
    'Before anything is changed, and before anyone is asked, the trail is tested: where it cannot be written, the change is refused (`AuditNotWritable`). Where only the entry fails after the change, the result is printed as always, then the error `AuditNotWritten` with its exit code, and the entry is kept in `audit-unwritten.jsonl` in the state directory.',
    '`mbc-flow audit --target NAME` reads the trail back. It records what this tool did by that target; whoever uses another tool, or names the account by `--profile`, is in CloudTrail only.',
  ]);
