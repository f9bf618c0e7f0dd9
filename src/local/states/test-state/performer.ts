import { randomInt } from 'node:crypto';
import type { Evaluate } from '../../../asl/engine/map-item.js';
import type { Effect, Stimulus } from '../../../asl/engine/protocol.js';
import type { JsonObject } from '../../../json/json.js';
import type { ExecutionRow } from '../../runtime/execution-tables.js';
import type { StatesContext } from '../context.js';
import type { Input } from '../requests/model.js';
import { tryMap } from './map.js';
import type { MockedOutcome } from './mock.js';
import type { Subject } from './subject.js';

export interface Performer {
  /** Answers what the state asks of the outside. */
  perform(effect: Effect, at: number): Promise<Stimulus>;
  /** What a Map made of its input. */
  readonly mapStages: JsonObject;
}

export function createPerformer(
  { executions }: StatesContext,
  subject: Subject,
  request: Input<'TestState'>,
  mocked: MockedOutcome | undefined,
  gone: AbortSignal,
): Performer {
  const mapStages: JsonObject = {};
  const evaluate: Evaluate = async (evaluation) => (await executions.performers?.evaluate(evaluation)) ?? [];
  return {
    mapStages,
    async perform(effect, at) {
      switch (effect.type) {
        case 'Evaluate': {
          const { evaluationId, evaluation } = effect;
          return { type: 'Evaluated', at, evaluationId, answers: await evaluate(evaluation) };
        }
        // Activities are tried with a mock only, and need not be there.
        case 'FindActivity':
          return { type: 'Evaluated', at, evaluationId: effect.evaluationId, answers: [{ value: true }] };
        case 'InvokeTask': {
          const { taskId } = effect;
          if (mocked && 'output' in mocked)
            return { type: 'TaskSucceeded', at, taskId, output: mocked.output };
          if (mocked) return { type: 'TaskFailed', at, taskId, ...mocked };
          const answer = await executions.performers?.invoke(effect, trialRow(request, at), gone);
          return answer ?? { type: 'Stop', at };
        }
        case 'StartMapRun': {
          const { taskId, spec } = effect;
          const { stages, outcome } = await tryMap(subject, spec, request, mocked ?? {}, evaluate);
          Object.assign(mapStages, stages);
          if ('output' in outcome) return { type: 'MapRunSucceeded', at, taskId, output: outcome.output };
          return { type: 'MapRunFailed', at, taskId, error: outcome.error ?? '', cause: outcome.cause };
        }
        default:
          throw new Error(`A state that is tried asked for ${effect.type}`);
      }
    },
  };
}

/** Integrations know whom they work for: here nobody whom anyone could look up. */
function trialRow({ roleArn = '', input = '{}' }: Input<'TestState'>, now: number): ExecutionRow {
  return {
    id: -randomInt(2 ** 47),
    arn: '',
    machine_arn: '',
    machine_name: '',
    name: '',
    type: 'EXPRESS',
    definition_id: 0,
    role_arn: roleArn,
    map_run_id: null,
    map_index: null,
    item_count: null,
    parent_task: null,
    test_case: null,
    status: 'RUNNING',
    start_date: now,
    stop_date: null,
    input,
    output: null,
    error: null,
    cause: null,
    configuration_id: null,
    version_arn: null,
    alias_arn: null,
    trace_header: null,
    redrive_count: 0,
    redrive_date: null,
  };
}
