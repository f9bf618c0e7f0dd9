import type { Json } from '../../json/json.js';
import type { Diagnostic, Place } from './diagnostic.js';
import { locationOf } from './diagnostic.js';
import type { Checks } from './library-checks.js';

export type Language = 'JSONPath' | 'JSONata';

/** What the rules of one validation know and share. */
export interface Context {
  diagnostics: Diagnostic[];
  /** Of the machine, or of the children that a Distributed Map starts. */
  type: 'STANDARD' | 'EXPRESS';
  /** The whole machine's; states inherit it, also those inside a state of another language. */
  machineLanguage: Language;
  /** Of the state in hand. */
  language: Language;
  /** Names of variables that an enclosing workflow assigns, and that this one may only read. */
  outerVariables: ReadonlySet<string>;
  /** Labels and state names of the whole machine. */
  labels: Set<string>;
  stateNames: Set<string>;
  checks: Checks;
}

/** Judges one value; says what is wrong with it through `report`. */
export type Rule = (context: Context, value: Json, place: Place) => void;

export function report(
  context: Context,
  place: Place,
  message: string,
  code = 'SCHEMA_VALIDATION_FAILED',
): void {
  context.diagnostics.push({ severity: 'ERROR', code, message, location: locationOf(place), place });
}
