import fc from 'fast-check';

const words = [
  ...[
    'order',
    'approval',
    'import',
    'csv',
    'task',
    'command',
    'price',
    'a',
    'x1',
    '2fa',
    'data',
    'sync',
    'handler',
  ],
  // Reserved in JavaScript, or the name of something that every object has.
  ...[
    'class',
    'delete',
    'default',
    'new',
    'await',
    'constructor',
    'prototype',
    'module',
    'event',
    'undefined',
  ],
];

/** Names that people may give a workflow, in several spellings. */
export const workflowName = fc
  .array(
    fc.oneof(
      fc.constantFrom(...words),
      fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/),
      fc.constantFrom('2', '10'),
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .chain((parts) =>
    fc.constantFrom(
      parts.join('-'),
      parts.join('_'),
      parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join(''),
    ),
  );

export const workflowOptions = fc.record({
  approval: fc.boolean(),
  map: fc.boolean(),
  csvImport: fc.boolean(),
  zipImport: fc.boolean(),
  queryLanguage: fc.constantFrom('JSONPath' as const, 'JSONata' as const),
  states: fc.option(
    fc.uniqueArray(
      fc.constantFrom('initialize', 'process', 'class', '検査', 'step 1', 'it\'s "ok" */', 'execute'),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
    { nil: undefined },
  ),
});
