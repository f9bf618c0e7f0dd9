// The import rule: what each room of src/ may use (docs/architecture.md has the table for people).
// `uses`: rooms whose code it may call. `types`: rooms whose shapes it may name (`import type`).
// Only wiring/ and the files directly in src/ may use everything; no room may use them, but for errors.ts.
const rooms = {
  json: {},
  mocks: { uses: ['json'] },
  csv: {},
  ports: { uses: ['json'], types: ['asl', 'workflow'] },
  asl: { uses: ['json'] },
  jsonata: { uses: ['asl', 'json'] },
  template: { uses: ['asl', 'json'] },
  lint: { uses: ['asl', 'template', 'json'] },
  events: { uses: ['json'] },
  workflow: { uses: ['asl', 'mocks', 'json'], types: ['ports'] },
  framework: { uses: ['workflow', 'asl', 'csv', 'json'], types: ['ports'] },
  operations: {
    uses: [
      'framework',
      'workflow',
      'csv',
      'events',
      'asl',
      'lint',
      'scaffold',
      'template',
      'mocks',
      'ports',
      'json',
    ],
  },
  views: {
    uses: ['workflow', 'framework', 'json'],
    types: ['asl', 'csv', 'events', 'lint', 'ports', 'operations', 'scaffold'],
  },
  aws: { uses: ['ports', 'json'], types: ['asl', 'workflow'] },
  files: { uses: ['ports', 'csv', 'json'], types: ['operations', 'lint', 'scaffold', 'workflow'] },
  config: { uses: ['json', 'framework'], types: ['events'] },
  cli: {
    uses: ['operations', 'views', 'files', 'config', 'framework', 'workflow', 'events', 'ports', 'json'],
    types: ['asl', 'csv', 'scaffold'],
  },
  scaffold: { uses: ['framework', 'asl', 'json'] },
  local: { uses: ['asl', 'jsonata', 'csv', 'events', 'template', 'framework', 'files', 'mocks', 'json'] },
  console: {
    uses: [
      'cli',
      'operations',
      'views',
      'files',
      'framework',
      'workflow',
      'csv',
      'events',
      'asl',
      'ports',
      'json',
    ],
    types: ['config'],
  },
  testing: {
    uses: ['operations', 'files', 'config', 'local', 'framework', 'workflow', 'asl', 'ports', 'json'],
  },
  wiring: { everything: true },
};

// The same inside rooms of several rooms: what stands beside them (`files`) is what they know each other by.
const inside = {
  asl: {
    files: ['definition'],
    rooms: {
      data: {},
      language: { uses: ['data'] },
      engine: { uses: ['language', 'data'] },
      validate: { uses: ['language', 'data'] },
    },
  },
  workflow: {
    files: [],
    rooms: {
      names: {},
      definition: {},
      failure: { uses: ['names'] },
      history: { uses: ['names', 'definition', 'failure'] },
      logs: { uses: ['history', 'definition'] },
      trial: { uses: ['history', 'names', 'definition'] },
      answer: { uses: ['history', 'names', 'definition', 'trial'] },
      rehearsal: { uses: ['history', 'names', 'definition', 'trial'] },
      statistics: { uses: ['history'] },
      'flow-test': { uses: ['rehearsal', 'history', 'names', 'definition', 'trial'] },
    },
  },
  framework: {
    files: ['machines', 'conventions'],
    rooms: { command: {}, import: {}, task: {} },
  },
  operations: {
    files: [],
    rooms: {
      pace: {},
      find: { uses: ['pace'] },
      follow: { uses: ['find', 'pace'] },
      framework: { uses: ['pace'] },
      execution: { uses: ['find', 'follow', 'pace'] },
      machine: { uses: ['execution', 'find', 'follow', 'pace', 'rehearsal'] },
      start: { uses: ['execution', 'find', 'pace'] },
      import: { uses: ['execution', 'find', 'follow', 'framework', 'pace'] },
      pending: { uses: ['execution', 'find', 'follow', 'pace'] },
      answer: { uses: ['pending', 'execution', 'find', 'follow', 'pace'] },
      task: { uses: ['execution', 'find', 'follow', 'framework', 'import', 'pace', 'start'] },
      audit: {},
      trigger: { uses: ['execution', 'find', 'follow', 'pace'] },
      rehearsal: { uses: ['execution', 'find', 'follow', 'import', 'pace'] },
      project: { uses: ['find', 'follow'] },
      'flow-test': { uses: ['execution', 'find', 'follow', 'pace'] },
      doctor: { uses: ['find', 'follow', 'pace', 'project'] },
      desk: {
        uses: ['pending', 'answer', 'execution', 'find', 'follow', 'framework', 'import', 'pace', 'task'],
      },
    },
  },
  views: {
    files: [],
    rooms: {
      text: {},
      states: { uses: ['text'] },
      graph: { uses: ['text', 'states'] },
      execution: { uses: ['text', 'states'] },
      machine: { uses: ['text', 'states', 'execution', 'rehearsal'] },
      screen: { uses: ['text', 'states'] },
      watch: { uses: ['text', 'states', 'execution', 'screen'] },
      import: { uses: ['text', 'states'] },
      task: { uses: ['text', 'states'] },
      start: { uses: ['text', 'states'] },
      trigger: { uses: ['text'] },
      pending: { uses: ['text', 'execution'] },
      answer: { uses: ['text', 'states', 'execution', 'pending'] },
      audit: { uses: ['text'] },
      rehearsal: { uses: ['text', 'states', 'graph'] },
      project: { uses: ['text'] },
      'flow-test': { uses: ['text', 'states', 'graph'] },
      desk: {
        uses: ['text', 'states', 'graph', 'execution', 'watch', 'pending', 'answer', 'import', 'task'],
      },
    },
  },
  cli: {
    files: ['commands', 'documents'],
    rooms: {
      shell: {},
      watch: { uses: ['shell'] },
      answer: { uses: ['shell'] },
      pending: { uses: ['shell', 'answer'] },
      audit: { uses: ['shell'] },
      execution: { uses: ['shell', 'watch', 'answer', 'console'] },
      machine: { uses: ['shell', 'execution'] },
      start: { uses: ['shell', 'watch'] },
      import: { uses: ['shell', 'watch', 'execution'] },
      task: { uses: ['shell', 'watch', 'execution', 'import'] },
      trigger: { uses: ['shell', 'watch', 'execution'] },
      rehearsal: { uses: ['shell'] },
      project: { uses: ['shell', 'import', 'answer'] },
      'flow-test': { uses: ['shell'] },
      desk: { uses: ['shell', 'answer', 'execution', 'import', 'start', 'task', 'watch'] },
      console: { uses: ['shell'] },
    },
  },
  console: {
    files: ['api', 'console', 'desk', 'access-tokens'],
    rooms: {
      http: {},
      streams: { uses: ['http'] },
      imports: { uses: ['http'] },
      topics: { uses: ['streams', 'imports'] },
      routes: { uses: ['http', 'imports'] },
      page: {},
    },
  },
  local: {
    files: ['ports', 'clock', 'arns', 'errors', 'options', 'calling'],
    rooms: {
      store: {},
      functions: { uses: ['http'] },
      http: {},
      s3: { uses: ['store', 'http'] },
      runtime: { uses: ['store'] },
      integrations: { uses: ['store', 'runtime', 'http'] },
      'event-sources': { uses: ['store', 'http'] },
      logs: { uses: ['store', 'http'] },
      states: { uses: ['store', 'runtime', 'http'] },
      machines: { uses: ['store', 'runtime', 'states', 'logs', 'http'] },
    },
  },
};

const io =
  '^(node:)?(child_process|cluster|dgram|dns|fs|http|http2|https|net|os|process|readline|repl|timers|tls|tty|vm|worker_threads)(/|$)';

const pure = [
  'json',
  'mocks',
  'csv',
  'asl',
  'events',
  'lint',
  'template',
  'workflow',
  'framework',
  'ports',
  'operations',
  'views',
];
const oneOf = (names) => `(?:${names.join('|')})`;
const within = (folder, names, files) =>
  `^${folder}/(?:${[...names.map((name) => `${name}/`), ...files.map((file) => `${file}\\.m?[jt]s$`)].join('|')})`;

function roomRules(folder, table, files) {
  return Object.entries(table).flatMap(([room, { uses = [], types = [], everything }]) => {
    if (everything) return [];
    const rule = (verb, known, kinds) => ({
      name: `${folder}/${room} ${verb}`,
      comment: `${folder}/${room} ${verb} only: ${[...known, ...files].join(', ') || 'itself'}`,
      severity: 'error',
      from: { path: `^${folder}/${room}/` },
      to: { path: `^${folder}/`, pathNot: within(folder, [room, ...known], files), ...kinds },
    });
    return [
      rule('uses', uses, { dependencyTypesNot: ['type-only'] }),
      rule('names', [...uses, ...types], { dependencyTypes: ['type-only'] }),
    ];
  });
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
    ...roomRules('src', rooms, ['errors']),
    ...Object.entries(inside).flatMap(([name, room]) => roomRules(`src/${name}`, room.rooms, room.files)),
    {
      name: 'every room is in the tables',
      severity: 'error',
      from: {
        path: '^src/.+/',
        pathNot: [
          `^src/${oneOf(Object.keys(rooms).filter((room) => !inside[room]))}/`,
          `^src/${oneOf(Object.keys(inside))}/[^/]+$`,
          ...Object.entries(inside).map(
            ([name, { rooms: names }]) => `^src/${name}/${oneOf(Object.keys(names))}/`,
          ),
        ],
      },
      to: {},
    },
    {
      name: 'errors.ts stands alone',
      severity: 'error',
      from: { path: '^src/errors\\.ts$' },
      to: { path: '^src/' },
    },
    {
      name: 'only index.ts shows the local server',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/local/' },
      to: { path: '^src/local/', pathNot: '^src/local/(index\\.ts|errors\\.ts|options\\.ts|calling\\.mjs)$' },
    },
    {
      name: 'pure rooms do no input or output',
      comment: 'they get bytes and time from their callers; views only return lines',
      severity: 'error',
      from: {
        path: `^src/${oneOf(pure)}/`,
      },
      to: { path: io, dependencyTypes: ['core'] },
    },
    {
      name: 'the page runs in a browser',
      comment:
        'it gets everything from the API, and shares with the house what is pure, and the types of api.ts',
      severity: 'error',
      from: { path: '^src/console/page/' },
      to: {
        path: `(^src/(?!console/page/|console/api\\.ts|views/|workflow/|json/)|${io})`,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'only the page is the page',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/console/page/' },
      to: { path: '^src/console/page/' },
    },
    belongs('Preact in the page', '(preact|@preact)/', '^src/console/page/'),
    belongs('AWS SDK behind the gateways', '(@aws-sdk|@smithy)/', '^src/aws/'),
    belongs('screens in views', '(ink|react|chalk|cli-table3)/', '^src/views/'),
    belongs('argument parsing in cli', 'commander/', '^src/cli/shell/'),
    belongs('the TypeScript compiler in its rooms', 'typescript/', '^src/(scaffold/typescript|lint/cdk)/'),
    {
      name: 'lazy doors to the TypeScript compiler',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(scaffold/typescript|lint/cdk)/' },
      to: {
        path: '^src/(scaffold/typescript|lint/cdk)/',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
    belongs('the native store in local/store', 'libsql/', '^src/local/store/'),
    {
      name: 'src knows nothing of what surrounds it',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts|bin|examples|dist)/' },
    },
    {
      name: 'no cycles',
      comment:
        'types count; only behind its lazy door may a file name its door: what runs a command names its options',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['dynamic-import'] } },
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
