import { isObject, type Json, type JsonObject } from '../../json/json.js';
import type { DefinedState } from '../definition/definition-states.js';
import { nextOf } from '../trial/answer-trial.js';

/** What an operator says to a paused step. */
export type Decision =
  /** `fields`: beside the usual ones. */
  | { verb: 'approve'; comment?: string; fields?: JsonObject; answer?: Json }
  | { verb: 'reject'; reason: string; as?: 'failure' | 'answer' }
  | { verb: 'resume'; answer?: Json }
  | { verb: 'fail'; error?: string; cause?: string }
  | { verb: 'heartbeat' };

export type Said =
  | { type: 'success'; value: Json }
  | { type: 'failure'; error?: string; cause?: string }
  | { type: 'heartbeat' };

/** What a decision says to a state. `by`: who says it; `at`: when, ISO 8601. */
export function sayTo(defined: DefinedState | undefined, decision: Decision, by: string, at: string): Said {
  switch (decision.verb) {
    case 'approve': {
      const { comment, fields, answer } = decision;
      const standard = { approved: true, ...(comment !== undefined && { comment }), by, at, ...fields };
      return { type: 'success', value: answer ?? standard };
    }
    case 'reject': {
      const { reason } = decision;
      const as = decision.as ?? (defined && decidesOnApproval(defined) ? 'answer' : 'failure');
      return as === 'answer'
        ? { type: 'success', value: { approved: false, reason, by, at } }
        : { type: 'failure', error: 'Rejected', cause: JSON.stringify({ reason, by, at }) };
    }
    case 'resume':
      return { type: 'success', value: decision.answer ?? plainResult(defined) };
    case 'fail':
      return { type: 'failure', error: decision.error, cause: decision.cause };
    case 'heartbeat':
      return { type: 'heartbeat' };
  }
}

/** What the framework's state is resumed with by a version's predecessor; others are told nothing. */
const plainResult = (defined: DefinedState | undefined): Json =>
  defined?.name === 'wait_prev_command' ? { result: 0 } : {};

/** The state after it is a Choice on `approved`. */
export function decidesOnApproval(defined: DefinedState): boolean {
  const next = nextOf(defined);
  return next?.Type === 'Choice' && asks(next.Choices ?? null);
}

/** A `Variable` that ends in `approved`, or an expression that names it. */
function asks(rules: Json): boolean {
  if (Array.isArray(rules)) return rules.some(asks);
  if (!isObject(rules)) return false;
  const { Variable: variable, Condition: condition } = rules as JsonObject;
  if (typeof variable === 'string' && /[.[]'?approved'?\]?$/.test(variable)) return true;
  if (typeof condition === 'string' && /\bapproved\b/.test(condition)) return true;
  return Object.values(rules).some((inner) => typeof inner === 'object' && inner !== null && asks(inner));
}
