import type { Evaluate } from '../../asl/engine/map-item.js';
import type { AuditLog } from '../../ports/audit-log.js';
import type { StepFunctionsGateway } from '../../ports/aws.js';
import type { Clock } from '../../ports/clock.js';
import type { Waits } from '../../ports/waits.js';
import type { Decision } from '../../workflow/answer/approval-decision.js';
import type { Definitions } from '../find/definition-of-execution.js';

/** What is answered, by whom, and what it takes to do so. */
export interface Answering {
  decision: Decision;
  /** ARN of who answers. */
  by: string;
  /** Sends also what the execution would break on. */
  force: boolean;
  /** The command over many that these answers are part of. */
  run?: string;
  /** The target's name. */
  target: string;
  states: StepFunctionsGateway;
  definitions: Definitions;
  audit: AuditLog;
  evaluate: Evaluate;
  clock: Clock;
  pollMilliseconds: number;
  waits: Waits;
  /** Once it has fired nothing new is begun. */
  signal: AbortSignal;
}
