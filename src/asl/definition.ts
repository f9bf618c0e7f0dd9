import { duplicateName } from '../json/duplicate-names.js';
import { isObject, type Json, type JsonObject } from '../json/json.js';
import { JsonSyntaxError, parseJsonSource, positionOf } from '../json/json-positions.js';
import { parseWritten } from '../json/lossless.js';
import { parseJson } from '../json/parse.mjs';
import { compileMachine } from './language/compile.js';
import type { StateMachine } from './language/machine.js';
import type { Diagnostic } from './validate/diagnostic.js';
import { type Checks, checksOf } from './validate/library-checks.js';
import { validate } from './validate/machine.js';

export { compileMachine } from './language/compile.js';
export type { StateMachine } from './language/machine.js';
export type { Diagnostic } from './validate/diagnostic.js';

/** A definition that AWS would refuse. */
export class DefinitionError extends Error {
  constructor(readonly diagnostics: Diagnostic[]) {
    super(
      diagnostics
        .map(({ code, message, location }) => `${code}: ${message} at ${location ?? 'null'}`)
        .join(', '),
    );
    this.name = 'DefinitionError';
  }
}

type MachineType = 'STANDARD' | 'EXPRESS';

/**
 * All that AWS finds in a definition, errors and warnings, with JSONata expressions parsed and the services of Tasks
 * looked up, as AWS does at create.
 */
export async function diagnose(text: string, type: MachineType = 'STANDARD'): Promise<Diagnostic[]> {
  const parsed = definitionOf(text);
  if (!parsed.definition) return parsed.diagnostics;
  return judge(parsed.definition, type, await checksOf(text));
}

/**
 * Reads an Amazon States Language definition; JSONata expressions are taken as they are. Throws a `DefinitionError`,
 * whose message is what CreateStateMachine puts between `Invalid State Machine Definition: '` and `'`.
 */
export function parseDefinition(text: string, type: MachineType = 'STANDARD'): StateMachine {
  const parsed = definitionOf(text);
  if (!parsed.definition) throw new DefinitionError(parsed.diagnostics);
  refuse(judge(parsed.definition, type, {}));
  // What is judged are numbers; what states pass on is what was written.
  return compileMachine(parseWritten(text) as JsonObject);
}

/** Throws a `DefinitionError` where there is an error among the diagnostics. */
export function refuse(diagnostics: Diagnostic[]): void {
  const errors = diagnostics.filter(({ severity }) => severity === 'ERROR');
  if (errors.length > 0) throw new DefinitionError(errors);
}

function judge(definition: JsonObject, type: MachineType, checks: Checks): Diagnostic[] {
  try {
    return validate(definition, type, checks);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [schemaError('The definition is nested too deeply')];
  }
}

function definitionOf(text: string): { definition?: JsonObject; diagnostics: Diagnostic[] } {
  let value: Json | undefined;
  try {
    value = text.trim() === '' ? undefined : (parseJson(text) as Json);
  } catch {
    return { diagnostics: [notJson(text)] };
  }
  if (!isObject(value)) return { diagnostics: [schemaError('Definition must be a valid JSON object')] };
  const twice = duplicateName(text, value);
  return twice ? { diagnostics: [notJson(text, twice)] } : { definition: value, diagnostics: [] };
}

const SHOWN = 500;

/** As AWS's parser words it: what it met, and where in which text. */
function notJson(text: string, error = syntaxError(text)): Diagnostic {
  const { line, column } = positionOf(text, error?.offset ?? 0);
  const shown =
    text.length > SHOWN ? `${text.slice(0, SHOWN)}"[truncated ${text.length - SHOWN} chars]` : `${text}"`;
  const location = `[Source: (String)"${shown}; line: ${line}, column: ${column}]`;
  const message = `${error?.message}\n at ${location}`;
  return { severity: 'ERROR', code: 'INVALID_JSON_DESCRIPTION', message, location };
}

function syntaxError(text: string): JsonSyntaxError | undefined {
  try {
    parseJsonSource(text, { unique: true });
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error;
    throw error;
  }
  return undefined;
}

const schemaError = (message: string): Diagnostic => ({
  severity: 'ERROR',
  code: 'SCHEMA_VALIDATION_FAILED',
  message,
});
