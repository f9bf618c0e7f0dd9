import { compileMachine } from './compile.js';
import type { Diagnostic, Findings } from './findings.js';
import { isObject, type Json, type JsonObject } from './json.js';
import type { StateMachine } from './machine.js';
import { validate } from './validate.js';

export { compileMachine } from './compile.js';
export type { Diagnostic } from './findings.js';
export type { StateMachine } from './machine.js';

/** A definition that AWS would refuse, or (`unsupported`) one with something in it that this engine does not run yet. */
export class DefinitionError extends Error {
  constructor(
    readonly diagnostics: Diagnostic[],
    readonly unsupported: boolean,
  ) {
    super(
      diagnostics
        .map(({ code, message, location }) => `${code}: ${message} at ${location ?? 'null'}`)
        .join(', '),
    );
    this.name = 'DefinitionError';
  }
}

/**
 * Reads an Amazon States Language definition. Throws a `DefinitionError`, whose message is what
 * CreateStateMachine puts between `Invalid State Machine Definition: '` and `'`.
 */
export function parseDefinition(text: string, type: 'STANDARD' | 'EXPRESS' = 'STANDARD'): StateMachine {
  const definition = parseJson(text);
  if (!isObject(definition))
    throw new DefinitionError(
      [{ code: 'SCHEMA_VALIDATION_FAILED', message: 'Definition must be a valid JSON object' }],
      false,
    );
  const { errors, unsupported } = findings(definition, type);
  if (errors.length > 0) throw new DefinitionError(errors, false);
  if (unsupported.length > 0) throw new DefinitionError(unsupported, true);
  return compileMachine(definition);
}

function findings(definition: JsonObject, type: 'STANDARD' | 'EXPRESS'): Findings {
  try {
    return validate(definition, type);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = 'The definition is nested too deeply';
    throw new DefinitionError([{ code: 'SCHEMA_VALIDATION_FAILED', message }], false);
  }
}

function parseJson(text: string): Json | undefined {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new DefinitionError([{ code: 'INVALID_JSON_DESCRIPTION', message }], false);
  }
}
