import { exitCodes, FlowError } from '../errors.js';
import { builtinMachines } from '../framework/machines.js';
import { isObject, type Json } from '../json/json.js';
import { jsonText } from '../json/lossless.js';
import type { AskedTask, GivenAnswer, InProcess } from '../local/index.js';
import { parseDuration } from '../workflow/definition/duration.js';
import { plainName } from '../workflow/definition/function-names.js';
import { redactedValue } from '../workflow/history/redact.js';
import type { CoreOptions } from './core-types.js';
import type { FlowAnswer } from './types.js';

export interface Calls extends Omit<InProcess, 'happened'> {
  /** JSON text of what each call of a state was sent. */
  sent(state: string, execution?: string): string;
  /** @throws what nobody answered, or what was wrong with an answer, since the last time */
  complain(): void;
}

type Given = Pick<CoreOptions, 'own' | 'call' | 'functions' | 'endpoints' | 'answered' | 'answer'>;

/** What Tasks call, and what a test has for them. */
export function createCalls({ own, call, functions, endpoints = {}, answered, answer }: Given): Calls {
  const sent: { state: string; execution: string; text: string }[] = [];
  const faults: unknown[] = [];
  const of = (state: string, execution?: string) =>
    sent.filter((one) => one.state === state && (execution ?? one.execution) === one.execution);

  const given = async (asked: AskedTask, index: number): Promise<GivenAnswer | undefined> => {
    const { stateName: state, executionArn: execution, parameters } = asked;
    if (!answered.includes(state)) return undefined;
    const text = await answer(
      state,
      `{"state":${jsonText(state)},"execution":${jsonText(execution)},"sent":${jsonText(
        redactedValue(parameters),
      )},"index":${index}}`,
    );
    return text === undefined ? undefined : answerOf(JSON.parse(text) as FlowAnswer, state);
  };

  return {
    functionOf: (name) =>
      own.includes(name)
        ? async (payload, details) => {
            try {
              return await call(name, payload, details);
            } catch (error) {
              faults.push(error);
              throw error;
            }
          }
        : undefined,
    functionMissing(name) {
      faults.push(
        new FlowError(
          exitCodes.notFound,
          'FunctionMissing',
          `the function '${name}' was called, and there is none`,
          {
            hint: `functions: { '${name}': … }, or answers: { STATE: { value: … } } for the state that calls it`,
          },
        ),
      );
    },
    async answer(asked) {
      const { stateName: state, executionArn: execution } = asked;
      const index = of(state, execution).length;
      sent.push({ state, execution, text: jsonText(redactedValue(asked.parameters)) });
      try {
        return (
          (await given(asked, index)) ?? (isTaken(asked) ? { type: 'submitted', output: '{}' } : undefined)
        );
      } catch (error) {
        faults.push(error);
        return { type: 'never' };
      }
    },
    sent: (state, execution) => `[${of(state, execution).map(({ text }) => text)}]`,
    complain() {
      const [fault] = faults.splice(0);
      if (fault !== undefined) throw fault;
    },
  };

  /** A Task that waits for its token needs nobody whom its message reaches. */
  function isTaken({ resource, parameters, executionArn }: AskedTask): boolean {
    const [, service = ''] =
      /:states:[^:]*:[^:]*:(?:aws-sdk:)?([^:]+):[^:]+\.waitForTaskToken$/.exec(resource) ?? [];
    if (service === '' || service === 'states' || Object.hasOwn(endpoints, service)) return false;
    if (service !== 'lambda') return true;
    const machine = executionArn.split(':')[6] ?? '';
    if (builtinMachines().some(({ name }) => name === machine)) return false;
    const name = isObject(parameters) ? plainName(String(parameters.FunctionName)) : '';
    return ![...own, ...Object.keys(functions)].some((one) => one === name || one === '*');
  }
}

function answerOf(answer: FlowAnswer, state: string): GivenAnswer | undefined {
  const bad = (why: string): FlowError =>
    new FlowError(exitCodes.usage, 'BadAnswer', `the answer of ${state} ${why}`, {
      where: `answers.${state}`,
    });
  if (!isObject(answer as unknown as Json)) throw bad('must be an object with value, error, never or call');
  if ('call' in answer) return undefined;
  if ('never' in answer) return { type: 'never' };
  const after = answer.after === undefined ? 0 : parseDuration(String(answer.after));
  if (after === undefined)
    throw bad(`comes after '${answer.after}', which is no duration such as 90s, 5m, 2h, 7d`);
  if ('error' in answer) return { type: 'failure', error: answer.error, cause: answer.cause, after };
  if ('value' in answer) return { type: 'success', output: JSON.stringify(answer.value), after };
  throw bad('must have one of value, error, never and call');
}
