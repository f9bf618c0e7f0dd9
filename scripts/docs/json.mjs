import { code, page, table } from './markdown.mjs';

/** By document: the command line that prints it. */
const printed = {
  approve: 'approve, reject, resume, fail, heartbeat REFERENCE',
  'approve-several': 'approve, reject, resume, fail, heartbeat of several',
  'approve-dry-run': 'approve, reject, resume, fail, heartbeat REFERENCE --dry-run',
  'approve-several-dry-run': 'approve, reject, resume, fail, heartbeat of several, --dry-run',
  chain: 'resume --chain, stop --chain',
  'chain-dry-run': 'resume --chain, stop --chain, --dry-run',
  'demo-dry-run': 'demo --dry-run',
  'dev-dry-run': 'dev --dry-run',
  'doctor-policy': 'doctor --policy COMMANDS',
  'import-detached': 'import FILE --detach',
  'import-retry-none': 'import --retry EXECUTION, where no row failed',
  'import-several': 'import of several files',
  'import-zip-detached': 'import FILE.zip --detach',
  'import-zip-dry-run': 'import FILE.zip --dry-run',
  'start-dry-run': 'start, rerun, --dry-run',
  'start-each-dry-run': 'start --each FILE --dry-run',
  'start-state-dry-run': 'start --state NAME --dry-run',
  'stop-dry-run': 'stop --dry-run',
  'task-start-detached': 'task start --detach',
  'task-start-dry-run': 'task start --dry-run',
  'task-start-rerun-none': 'task start --rerun BATCH, where every item succeeded',
  'trigger-dry-run': 'trigger stream, trigger queue, --dry-run',
  'ui-dry-run': 'ui --dry-run',
  audit: 'audit',
  completion: 'completion SHELL',
  'completion-words': 'completion words WORDS, as the shell asks for them',
  'dev-ready': 'dev, when it is ready',
  'diff-definitions': 'diff of two definitions',
  'diff-executions': 'diff of two executions',
  error: 'every command, on standard error',
  help: 'help; --help of any command',
  import: 'import FILE',
  'import-check': 'import --check FILE',
  'import-dry-run': 'import --dry-run FILE',
  'import-show-execution': 'import show EXECUTION, without a job record; import show --failed-rows FILE',
  'import-zip': 'import FILE.zip',
  'lint-explain': 'lint --explain CODE',
  'lint-rules': 'lint --rules',
  'list-groups': 'list --group',
  'machines-one': 'machines NAME',
  'pending-stuck': 'pending --stuck',
  'redrive-plan': 'redrive --plan',
  show: 'show EXECUTION; watch EXECUTION, at its end',
  start: 'start, rerun',
  'start-each': 'start --each FILE',
  'start-state': 'start --state NAME',
  'test-record': 'test --record EXECUTION',
  top: 'top, in a pipe or with --plain',
  trigger: 'trigger stream, trigger queue',
  'ui-ready': 'ui, when it is ready',
  version: '--version',
};
const lineOf = (name) => printed[name] ?? name.replace(/^(import|task)-/, '$1 ');

function typeText({ type, anyOf, enum: values, const: value, items, format, ...schema }) {
  if (value !== undefined) return code(JSON.stringify(value));
  if (values) return values.map((one) => code(one)).join(', ');
  if (anyOf) return [...new Set(anyOf.map(typeText))].join(' or ');
  if (type === 'array') return items === undefined ? 'list' : `list of ${typeText(items)}`;
  if (format === 'date-time') return 'ISO 8601';
  if (Array.isArray(type)) return type.join(' or ');
  return type ?? (Object.keys(schema).length > 0 ? 'object' : 'any');
}

/** Path to schema, of each field; `[]` for the items of a list. */
export function fieldsOf(schema, path = '', found = new Map()) {
  for (const variant of schema.anyOf ?? []) fieldsOf(variant, path, found);
  if (schema.items) fieldsOf(schema.items, `${path}[]`, found);
  for (const [name, one] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? name : `${path}.${name}`;
    const optional = !schema.required?.includes(name);
    if (!found.has(at)) found.set(at, { schema: one, optional });
    fieldsOf(one, at, found);
  }
  return found;
}

const row = ([path, { schema, optional }]) => [
  code(path),
  typeText(schema).replace(/^list of object.*/, 'list'),
  `${schema.description ?? ''}${optional ? `${schema.description ? ' ' : ''}(where there is one)` : ''}`,
];

export const jsonPage = (schemas) =>
  page('JSON documents', 'src/cli/documents.ts', [
    'What `-o json` prints: one document on standard output. Under `-o ndjson` the items of a list come one a line. A JSON Schema of each is in the package, `schemas/NAME.schema.json`. Fields may be added in any version; none goes away and none changes its type before a new major version (`test/contract/` holds them). Times are ISO 8601 in UTC.',
    'Under `--dry-run` a document begins with `"dryRun": true` and says what would be done.',
    ...[...schemas].flatMap(([name, schema]) => [
      `## ${name}`,
      `\`mbc-flow ${lineOf(name)}\``,
      table(['field', 'type', ''], [...fieldsOf(schema)].map(row)),
    ]),
  ]);
