// The import rule: what each room of src/ may use (docs/architecture.md has the table for people).
// `uses`: rooms whose code it may call. `types`: rooms whose shapes it may name (`import type`).
// Files directly in src/ wire the rooms together and may use everything; no room may use them, but for errors.ts and
// json-text.mjs.
const rooms = {
  asl: {},
  ports: {},
  csv: {},
  template: { uses: ['asl'] },
  lint: { uses: ['asl', 'template'] },
  events: { uses: ['asl'] },
  workflow: { uses: ['asl', 'csv'] },
  operations: { uses: ['workflow', 'events', 'asl', 'csv', 'lint', 'scaffold'], types: ['aws', 'ports'] },
  views: { uses: ['workflow'], types: ['asl', 'csv', 'events', 'lint', 'aws', 'operations', 'scaffold'] },
  aws: { types: ['asl', 'workflow', 'ports'] },
  config: {},
  cli: {
    uses: ['operations', 'views', 'config', 'workflow', 'events'],
    types: ['asl', 'csv', 'aws', 'scaffold', 'ports'],
  },
  scaffold: { uses: ['asl'] },
  jsonata: { uses: ['asl'] },
  local: { uses: ['asl', 'jsonata', 'csv', 'events', 'template'] },
};

// The same inside the local server. Files directly in src/local/ wire it; ports.ts, clock.ts, arns.ts,
// errors.ts and index.ts (its options) are what its rooms know each other by.
const localRooms = {
  store: {},
  machines: {},
  functions: { uses: ['http'] },
  http: {},
  s3: { uses: ['store'] },
  runtime: { uses: ['store'] },
  integrations: { uses: ['store', 'runtime', 'http'] },
  'event-sources': { uses: ['store', 'http'] },
  logs: { uses: ['store', 'http'] },
  states: { uses: ['store', 'runtime', 'http'] },
};

const io =
  '^(node:)?(child_process|cluster|dgram|dns|fs|http|http2|https|net|os|process|readline|repl|timers|tls|tty|vm|worker_threads)(/|$)';

const oneOf = (names) => `(?:${names.join('|')})`;
const within = (folder, names, files) =>
  `^${folder}/(?:${[...names.map((name) => `${name}/`), ...files.map((file) => `${file}\\.m?[jt]s$`)].join('|')})`;

function roomRules(folder, table, files) {
  return Object.entries(table).flatMap(([room, { uses = [], types = [] }]) => [
    {
      name: `${folder}/${room} uses`,
      comment: `${folder}/${room} may call only: ${[...uses, ...files].join(', ') || 'itself'}`,
      severity: 'error',
      from: { path: `^${folder}/${room}/` },
      to: {
        path: `^${folder}/`,
        pathNot: within(folder, [room, ...uses], files),
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: `${folder}/${room} names`,
      comment: `${folder}/${room} may name only types of: ${[...uses, ...types, ...files].join(', ') || 'itself'}`,
      severity: 'error',
      from: { path: `^${folder}/${room}/` },
      to: {
        path: `^${folder}/`,
        pathNot: within(folder, [room, ...uses, ...types], files),
        dependencyTypes: ['type-only'],
      },
    },
  ]);
}

/** A library that belongs to some rooms alone (`users`: paths). */
const belongs = (name, library, users) => ({
  name,
  severity: 'error',
  from: { path: '^src/', pathNot: users },
  to: { path: `node_modules/${library}`, dependencyTypesNot: ['type-only'] },
});

module.exports = {
  forbidden: [
    ...roomRules('src', rooms, ['errors', 'json-text']),
    ...roomRules('src/local', localRooms, ['ports', 'clock', 'arns', 'errors', 'index']),
    {
      name: 'every room is in the table',
      severity: 'error',
      from: {
        path: '^src/.+/',
        pathNot: [
          `^src/(?!local/)${oneOf(Object.keys(rooms))}/`,
          '^src/local/[^/]+$',
          `^src/local/${oneOf(Object.keys(localRooms))}/`,
        ],
      },
      to: {},
    },
    {
      name: 'errors.ts and json-text.mjs stand alone',
      severity: 'error',
      from: { path: '^src/(errors\\.ts|json-text\\.mjs)$' },
      to: { path: '^src/' },
    },
    {
      name: 'only index.ts shows the local server',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/local/' },
      to: { path: '^src/local/', pathNot: '^src/local/(index|errors)\\.ts$' },
    },
    {
      name: 'pure rooms do no input or output',
      comment:
        'asl, csv, template, workflow and operations get bytes and time from their callers; views only return lines',
      severity: 'error',
      from: {
        path: `^src/${oneOf(['asl', 'csv', 'events', 'lint', 'template', 'workflow', 'operations', 'views'])}/`,
      },
      to: { path: io, dependencyTypes: ['core'] },
    },
    belongs('AWS SDK behind the gateways', '(@aws-sdk|@smithy)/', '^src/aws/'),
    belongs('screens in views', '(ink|react|chalk|cli-table3)/', '^src/views/'),
    belongs('argument parsing in cli', 'commander/', '^src/(cli/|[^/]+$)'),
    belongs('the native store in local/store', 'libsql/', '^src/local/store/'),
    {
      name: 'src knows nothing of what surrounds it',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts|bin|examples|dist)/' },
    },
    {
      name: 'no cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no missing modules', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: `${__dirname}/tsconfig.json` },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
