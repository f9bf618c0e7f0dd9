import type { Place } from '../asl/validate/diagnostic.js';
import type { Json } from '../json/json.js';
import type { LintMachine } from './machine.js';

export type Severity = 'error' | 'warning' | 'info';

/** A change that cannot do harm: new members of an object, or a new item at the end of a list. */
export type Fix =
  | { kind: 'members'; place: Place; members: Record<string, Json> }
  | { kind: 'item'; place: Place; item: Json };

export type Report = (place: Place, message: string, fix?: Fix) => void;

/** What `--explain` shows. */
export interface RulePage {
  /** `MF012`; never given to another rule. */
  code: string;
  title: string;
  severity: Severity;
  /** Its page: what goes wrong, and what to write instead. */
  why: string;
  instead: string;
}

export interface Rule extends RulePage {
  check(machine: LintMachine, report: Report): void;
}

/** One line of the result. Lines and columns count from 1. */
export interface Finding {
  file: string;
  line: number;
  column: number;
  severity: Severity;
  /** AWS's own (`MISSING_TRANSITION_TARGET`), or a practice rule's (`MF012`). */
  code: string;
  message: string;
}
