import { type ExecutionCase, machine, single } from './case.js';

const wait = (seconds: number) => ({ Type: 'Wait', Seconds: seconds, End: true });

/** The states that run no task, in JSONPath. */
export const flow: ExecutionCase[] = [
  {
    id: 'pass',
    definition: machine({
      Shape: {
        Type: 'Pass',
        InputPath: '$.a',
        Parameters: { 'deep.$': '$.b[1:]', 'name.$': '$$.State.Name', fixed: null },
        ResultPath: '$.made',
        OutputPath: '$.made',
        Next: 'Result',
      },
      Result: { Type: 'Pass', Result: [1, { two: '二' }], ResultPath: '$.result', End: true },
    }),
    input: '{"a": {"b": [1, 2, 3]}}',
  },
  {
    id: 'numbers-keep-their-text',
    definition: machine({
      Select: { Type: 'Pass', Parameters: { 'all.$': '$', 'one.$': '$.big' }, Next: 'Text' },
      Text: { Type: 'Pass', Parameters: { 'text.$': 'States.JsonToString($)' }, End: true },
    }),
    input: '{"zero": 0.0, "big": 12345678901234567890, "exp": 1e3, "neg": -0.50}',
  },
  {
    id: 'texts',
    definition: single({ Type: 'Pass', Parameters: { 'text.$': "States.Format('[{}] {}', $.a, $.b)" } }),
    input: JSON.stringify({ a: '日本語 \u{1F600} "quoted" \\ \n', b: { c: [null, true, 1.5] } }),
  },
  {
    id: 'choice-operators',
    definition: machine({
      Number: {
        Type: 'Choice',
        Choices: [
          {
            And: [
              { Variable: '$.n', NumericGreaterThanEquals: 3 },
              { Not: { Variable: '$.n', NumericEqualsPath: '$.m' } },
              { Variable: '$.n', IsNumeric: true },
            ],
            Next: 'Text',
          },
        ],
        Default: 'Wrong',
      },
      Text: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.t', StringMatches: 'ab*z', Next: 'Time' },
          { Variable: '$.none', IsPresent: true, Next: 'Wrong' },
        ],
      },
      Time: {
        Type: 'Choice',
        Choices: [
          {
            Or: [
              { Variable: '$.when', TimestampLessThan: '2020-01-01T00:00:00Z' },
              { Variable: '$.none', IsPresent: false },
            ],
            Next: 'Right',
          },
        ],
      },
      Right: { Type: 'Succeed' },
      Wrong: { Type: 'Fail' },
    }),
    input: '{"n":3,"m":4,"t":"abcz","when":"2020-06-01T00:00:00Z"}',
  },
  {
    id: 'choice-without-match',
    definition: machine({
      Choose: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'Done' }] },
      Done: { Type: 'Succeed' },
    }),
    input: '{"n":2}',
  },
  {
    id: 'choice-of-nothing',
    definition: machine({
      Choose: { Type: 'Choice', Choices: [{ Variable: '$.none', NumericEquals: 1, Next: 'Done' }] },
      Done: { Type: 'Succeed' },
    }),
  },
  {
    id: 'wait',
    definition: machine({
      Seconds: { Type: 'Wait', Seconds: 1, Next: 'Path' },
      Path: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'Past' },
      Past: { Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z', Next: 'PastPath' },
      PastPath: { Type: 'Wait', TimestampPath: '$.past', Next: 'Done' },
      Done: { Type: 'Succeed' },
    }),
    input: '{"seconds":1,"past":"2020-01-01T00:00:00Z"}',
  },
  {
    id: 'wait-for-text',
    definition: single({ Type: 'Wait', SecondsPath: '$.seconds' }),
    input: '{"seconds":"soon"}',
  },
  {
    id: 'fail-by-path',
    definition: machine({
      Broken: { Type: 'Fail', ErrorPath: '$.error', CausePath: "States.Format('because of {}', $.why)" },
    }),
    input: '{"error":"Own.Error","why":"reasons"}',
  },
  {
    id: 'parallel',
    definition: single({
      Type: 'Parallel',
      Branches: [
        machine({ One: { Type: 'Pass', Result: 1, End: true } }),
        machine({ Two: { Type: 'Pass', Parameters: { 'in.$': '$.x' }, End: true } }),
      ],
      ResultSelector: { 'first.$': '$[0]', 'second.$': '$[1].in' },
      ResultPath: '$.both',
    }),
    input: '{"x":"y"}',
    transitions: 6,
  },
  {
    id: 'parallel-fails-and-is-caught',
    definition: machine({
      Both: {
        Type: 'Parallel',
        Branches: [
          machine({ Slow: wait(20) }),
          machine({
            Soon: { Type: 'Wait', Seconds: 1, Next: 'Bad' },
            Bad: { Type: 'Fail', Error: 'E', Cause: 'c' },
          }),
        ],
        Catch: [{ ErrorEquals: ['E'], ResultPath: '$.caught', Next: 'After' }],
        End: true,
      },
      After: { Type: 'Pass', End: true },
    }),
    transitions: 8,
  },
  {
    id: 'map',
    definition: single({
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency: 1,
      ItemSelector: {
        'index.$': '$$.Map.Item.Index',
        'value.$': '$$.Map.Item.Value',
        'all.$': '$.name',
      },
      ItemProcessor: machine({ Each: { Type: 'Pass', OutputPath: '$.value', End: true } }),
      ResultPath: '$.done',
    }),
    input: '{"name":"n","items":[1,"two",{"three":3}]}',
    transitions: 8,
  },
  {
    id: 'map-of-none',
    definition: single({
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: machine({ Each: { Type: 'Pass', End: true } }),
    }),
    input: '{"items":[]}',
  },
  {
    id: 'map-of-no-array',
    definition: single({
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: machine({ Each: { Type: 'Pass', End: true } }),
    }),
    input: '{"items":{"a":1}}',
  },
  {
    id: 'map-item-fails',
    definition: machine({
      Items: {
        Type: 'Map',
        MaxConcurrency: 1,
        ItemProcessor: machine({
          Look: {
            Type: 'Choice',
            Choices: [{ Variable: '$', NumericEquals: 2, Next: 'Bad' }],
            Default: 'Good',
          },
          Good: { Type: 'Succeed' },
          Bad: { Type: 'Fail', Error: 'Two', Cause: 'is bad' },
        }),
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'After' }],
        End: true,
      },
      After: { Type: 'Pass', End: true },
    }),
    input: '[1,2,3]',
    transitions: 10,
  },
  {
    id: 'parameter-path-fails',
    definition: single({ Type: 'Pass', Parameters: { 'a.$': '$.none.at.all' } }),
  },
  { id: 'input-path-fails', definition: single({ Type: 'Pass', InputPath: '$.none' }) },
  {
    id: 'variables',
    definition: machine({
      Set: { Type: 'Pass', Assign: { 'x.$': '$.n', y: { z: [1, 2] } }, Next: 'Get' },
      Get: {
        Type: 'Pass',
        Parameters: { 'x.$': '$x', 'z.$': '$y.z[1]' },
        Assign: { 'x.$': '$.n' },
        Next: 'Last',
      },
      Last: { Type: 'Pass', Parameters: { 'x.$': '$x' }, End: true },
    }),
    input: '{"n":7}',
  },
  {
    id: 'context',
    definition: single({
      Type: 'Pass',
      Parameters: {
        'execution.$': '$$.Execution.Id',
        'input.$': '$$.Execution.Input',
        'entered.$': '$$.State.EnteredTime',
        'machine.$': '$$.StateMachine.Name',
        'role.$': '$$.Execution.RoleArn',
      },
    }),
    input: '{"k":"v"}',
  },
  {
    id: 'intrinsics',
    definition: single({
      Type: 'Pass',
      Parameters: {
        'format.$': "States.Format('{}-{}', $.s, $.n)",
        'array.$': 'States.Array($.s, $.n, null, true)',
        'partition.$': 'States.ArrayPartition($.list, 2)',
        'contains.$': 'States.ArrayContains($.list, 3)',
        'range.$': 'States.ArrayRange(1, 9, 3)',
        'item.$': 'States.ArrayGetItem($.list, 1)',
        'length.$': 'States.ArrayLength($.list)',
        'unique.$': 'States.ArrayUnique($.list)',
        'encoded.$': 'States.Base64Encode($.s)',
        'decoded.$': "States.Base64Decode('5pel5pys')",
        'md5.$': "States.Hash($.s, 'MD5')",
        'sha512.$': "States.Hash($.s, 'SHA-512')",
        'merged.$': 'States.JsonMerge($.one, $.two, false)',
        'parsed.$': 'States.StringToJson(\'{"a": [1, 2.50]}\')',
        'text.$': 'States.JsonToString($.one)',
        'sum.$': 'States.MathAdd($.n, -3)',
        'split.$': "States.StringSplit('a,b;c', ',;')",
        'id.$': 'States.UUID()',
      },
    }),
    input: '{"s":"日本","n":5,"list":[1,2,2,3,"3"],"one":{"a":1,"b":{"c":1}},"two":{"b":{"d":2}}}',
  },
  ...['States.ArrayGetItem($.list, 9)', "States.StringToJson('{bad')", 'States.ArrayRange(1, 5000, 1)'].map(
    (intrinsic, index) => ({
      id: `intrinsic-fails-${index + 1}`,
      definition: single({ Type: 'Pass', Parameters: { 'x.$': intrinsic } }),
      input: '{"list":[1]}',
    }),
  ),
  {
    id: 'execution-times-out',
    definition: machine({ Long: wait(30) }, { TimeoutSeconds: 2 }),
  },
  {
    id: 'stopped',
    definition: machine({ Long: wait(60) }),
    stop: { error: 'Stopped.ByHand', cause: 'the kit stops it' },
  },
  {
    id: 'express',
    type: 'EXPRESS',
    definition: machine({
      First: { Type: 'Pass', Parameters: { 'n.$': 'States.MathAdd($.n, 1)' }, Next: 'Second' },
      Second: { Type: 'Succeed' },
    }),
    input: '{"n":1}',
  },
  {
    id: 'express-fails',
    type: 'EXPRESS',
    definition: machine({ Bad: { Type: 'Fail', Error: 'E', Cause: 'c' } }),
  },
  {
    id: 'express-times-out',
    type: 'EXPRESS',
    definition: machine({ Long: wait(10) }, { TimeoutSeconds: 2 }),
  },
];
