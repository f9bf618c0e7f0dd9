import type { HistoryEvent } from '../../src/asl/engine/history-event.js';
import type { Json } from '../../src/json/json.js';
import { type Answer, failWith, LAMBDA, simulate, simulateJsonata, succeed } from './simulate.js';

interface Sample {
  definition: object;
  input?: Json;
  answer?: Answer;
  /** `Type id<previous` of each event, as AWS writes them after ExecutionStarted. */
  events: string[];
}

const ROWS = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };
const ACTIVITY = 'arn:aws:states:ap-northeast-1:101010101010:activity:a';
const INVOKE = 'arn:aws:states:::lambda:invoke';
const pass = { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };
const fail = { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'E', Cause: 'why' } } };
const one = (state: object): object => ({ StartAt: 'S', States: { S: { ...state, End: true } } });
const last = (state: object): object => ({ StartAt: 'S', States: { S: state } });
const caught = (state: object): object => ({
  StartAt: 'S',
  States: {
    S: { ...state, Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'P' }], End: true },
    P: { Type: 'Pass', End: true },
  },
});

/** A machine for each type of state and each way in which it ends, with the history that AWS writes of it. */
export const samples: Record<string, Sample> = {
  Pass: {
    definition: one({ Type: 'Pass', Result: { a: 1 }, ResultPath: '$.b' }),
    events: ['PassStateEntered 2<0', 'PassStateExited 3<2', 'ExecutionSucceeded 4<3'],
  },
  Succeed: {
    definition: last({ Type: 'Succeed' }),
    events: ['SucceedStateEntered 2<0', 'SucceedStateExited 3<2', 'ExecutionSucceeded 4<3'],
  },
  Fail: {
    definition: last({ Type: 'Fail', Error: 'E', Cause: 'why' }),
    events: ['FailStateEntered 2<0', 'ExecutionFailed 3<2'],
  },
  Wait: {
    definition: one({ Type: 'Wait', SecondsPath: '$.seconds' }),
    input: { seconds: 5 },
    events: ['WaitStateEntered 2<0', 'WaitStateExited 3<2', 'ExecutionSucceeded 4<3'],
  },
  'Wait for less than nothing': {
    definition: one({ Type: 'Wait', SecondsPath: '$.seconds' }),
    input: { seconds: -1 },
    events: ['WaitStateEntered 2<0', 'ExecutionFailed 3<2'],
  },
  Choice: {
    definition: {
      StartAt: 'C',
      States: {
        C: {
          Type: 'Choice',
          Choices: [
            {
              And: [
                { Variable: '$.n', IsPresent: true },
                { Variable: '$.n', NumericGreaterThan: 1 },
              ],
              Next: 'P',
            },
          ],
          Default: 'F',
        },
        ...pass.States,
        ...fail.States,
      },
    },
    input: { n: 2 },
    events: [
      'ChoiceStateEntered 2<0',
      'ChoiceStateExited 3<2',
      'PassStateEntered 4<3',
      'PassStateExited 5<4',
      'ExecutionSucceeded 6<5',
    ],
  },
  'Task, a function by its ARN': {
    definition: one({ Type: 'Task', Resource: LAMBDA, TimeoutSeconds: 60 }),
    answer: succeed({ done: true }),
    events: [
      'TaskStateEntered 2<0',
      'LambdaFunctionScheduled 3<2',
      'LambdaFunctionStarted 4<3',
      'LambdaFunctionSucceeded 5<4',
      'TaskStateExited 6<5',
      'ExecutionSucceeded 7<6',
    ],
  },
  'Task, an integration that fails twice and is caught': {
    definition: caught({
      Type: 'Task',
      Resource: INVOKE,
      Parameters: { FunctionName: 'f', 'Payload.$': '$' },
      Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1, IntervalSeconds: 2 }],
    }),
    answer: failWith('E'),
    events: [
      'TaskStateEntered 2<0',
      'TaskScheduled 3<2',
      'TaskStarted 4<3',
      'TaskFailed 5<4',
      'TaskScheduled 6<5',
      'TaskStarted 7<6',
      'TaskFailed 8<7',
      'TaskStateExited 9<8',
      'PassStateEntered 10<9',
      'PassStateExited 11<10',
      'ExecutionSucceeded 12<11',
    ],
  },
  'Task, a token that nobody answers with': {
    definition: one({
      Type: 'Task',
      Resource: `${INVOKE}.waitForTaskToken`,
      Parameters: { FunctionName: 'f', Payload: { 'token.$': '$$.Task.Token' } },
      TimeoutSeconds: 30,
    }),
    answer: ({ taskId }) => [{ type: 'TaskSubmitted', taskId, output: '{}' }],
    events: [
      'TaskStateEntered 2<0',
      'TaskScheduled 3<2',
      'TaskStarted 4<3',
      'TaskSubmitted 5<4',
      'TaskTimedOut 6<5',
      'ExecutionFailed 7<6',
    ],
  },
  'Task, an activity': {
    definition: one({ Type: 'Task', Resource: ACTIVITY }),
    answer: ({ taskId }) => [
      { type: 'TaskStarted', taskId, workerName: 'w' },
      { type: 'TaskFailed', taskId, error: 'E', cause: 'why' },
    ],
    events: [
      'TaskStateEntered 2<0',
      'ActivityScheduled 3<2',
      'ActivityStarted 4<3',
      'ActivityFailed 5<4',
      'ExecutionFailed 6<5',
    ],
  },
  Parallel: {
    definition: one({ Type: 'Parallel', Branches: [pass] }),
    events: [
      'ParallelStateEntered 2<0',
      'ParallelStateStarted 3<2',
      'PassStateEntered 4<3',
      'PassStateExited 5<4',
      'ParallelStateSucceeded 6<5',
      'ParallelStateExited 7<5',
      'ExecutionSucceeded 8<7',
    ],
  },
  'Map, one after the other': {
    definition: one({ Type: 'Map', MaxConcurrency: 1, ItemProcessor: pass }),
    input: [1, 2],
    events: [
      'MapStateEntered 2<0',
      'MapStateStarted 3<2',
      'MapIterationStarted 4<3',
      'PassStateEntered 5<4',
      'PassStateExited 6<5',
      'MapIterationSucceeded 7<6',
      'MapIterationStarted 8<6',
      'PassStateEntered 9<8',
      'PassStateExited 10<9',
      'MapIterationSucceeded 11<10',
      'MapStateSucceeded 12<11',
      'MapStateExited 13<11',
      'ExecutionSucceeded 14<13',
    ],
  },
  'Map, an iteration that fails': {
    definition: one({ Type: 'Map', ItemsPath: '$.items', ItemProcessor: fail }),
    input: { items: ['a'] },
    events: [
      'MapStateEntered 2<0',
      'MapStateStarted 3<2',
      'MapIterationStarted 4<3',
      'FailStateEntered 5<4',
      'MapIterationFailed 6<5',
      'MapStateFailed 7<5',
      'ExecutionFailed 8<7',
    ],
  },
  'Map, distributed': {
    definition: one({
      Type: 'Map',
      ItemProcessor: { ...pass, ...ROWS },
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
        Parameters: { Bucket: 'b', Key: 'k.csv' },
      },
      ItemBatcher: { MaxItemsPerBatch: 100 },
    }),
    answer: ({ taskId }) => [
      { type: 'MapRunFailed', taskId, error: 'States.ItemReaderFailed', cause: 'why' },
    ],
    events: [
      'MapStateEntered 2<0',
      'MapStateStarted 3<2',
      'MapRunStarted 4<3',
      'MapRunFailed 5<4',
      'MapStateFailed 6<5',
      'ExecutionFailed 7<6',
    ],
  },
  'Wait, JSONata that gives no time': {
    definition: {
      QueryLanguage: 'JSONata',
      StartAt: 'A',
      States: {
        A: {
          Type: 'Pass',
          Assign: { some: '{% $states.input.some %}' },
          Output: { v: '{% 1 + 1 %}' },
          Next: 'S',
        },
        S: { Type: 'Wait', Timestamp: '{% $some %}', End: true },
      },
    },
    input: { some: 'soon' },
    events: [
      'PassStateEntered 2<0',
      'PassStateExited 3<2',
      'WaitStateEntered 4<3',
      'EvaluationFailed 5<4',
      'ExecutionFailed 6<5',
    ],
  },
};

/** The events of a sample, as our engine writes them. */
export async function eventsOf({ definition, input = {}, answer }: Sample): Promise<HistoryEvent[]> {
  const run = 'QueryLanguage' in definition ? simulateJsonata : simulate;
  return (await run(definition, input, answer)).events;
}
