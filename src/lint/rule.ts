import type { Json } from '../asl/json.js';
import type { Place } from '../asl/validate/diagnostic.js';
import type { LintMachine } from './machine.js';

export type Severity = 'error' | 'warning' | 'info';

/** A change that cannot do harm: new members of an object, or a new item at the end of a list. */
export type Fix =
  | { kind: 'members'; place: Place; members: Record<string, Json> }
  | { kind: 'item'; place: Place; item: Json };

export type Report = (place: Place, message: string, fix?: Fix) => void;

export interface Rule {
  /** `MF012`; never given to another rule. */
  code: string;
  title: string;
  severity: Severity;
  /** Its page: what goes wrong, and what to write instead. */
  why: string;
  instead: string;
  check(machine: LintMachine, report: Report): void;
}
