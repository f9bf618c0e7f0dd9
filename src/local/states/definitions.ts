import { DefinitionError, type Diagnostic, diagnose, refuse } from '../../asl/definition.js';
import type { JsonObject } from '../../json/json.js';
import { AwsError } from '../ports.js';
import type { StatesContext } from './context.js';
import type { Input } from './requests/model.js';

const mostDiagnostics = 100;

/** `result` reflects errors only; `severity: WARNING` shows the warnings too. */
export async function validateStateMachineDefinition(
  _context: StatesContext,
  { definition, type, severity = 'ERROR', maxResults }: Input<'ValidateStateMachineDefinition'>,
): Promise<JsonObject> {
  const found = await diagnose(definition, type);
  const errors = found.filter((diagnostic) => diagnostic.severity === 'ERROR');
  const shown = severity === 'WARNING' ? found : errors;
  const limit = maxResults || mostDiagnostics;
  return {
    result: errors.length > 0 ? 'FAIL' : 'OK',
    diagnostics: shown.slice(0, limit).map(wire),
    truncated: shown.length > limit,
  };
}

const wire = ({ severity, code, message, location }: Diagnostic): JsonObject => ({
  severity,
  code,
  message,
  ...(location !== undefined && { location }),
});

/** @throws AwsError InvalidDefinition: AWS would refuse it, or it holds something that can't be run here. */
export async function checkDefinition(
  context: StatesContext,
  definition: string,
  type: 'STANDARD' | 'EXPRESS',
): Promise<void> {
  try {
    refuse(await diagnose(definition, type));
    context.executions.machine(definition);
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${error.message}'`);
  }
}
