import fc from 'fast-check';
import { exitCodes, FlowError } from '../../src/errors.js';
import { type Application, application, unitTests } from './application.js';
import { workflowName, workflowOptions } from './random-names.js';

export interface Outcome {
  accepted: number;
  refused: string[];
  /** Every compiler's, linter's and test runner's complaint. */
  faults: string[];
}

/**
 * Scaffolds workflows of `count` random names, twice each: all of them in one application, which fills up, and
 * `fresh` of them in an application of their own.
 */
export async function scaffoldNames(seed: number, count: number, fresh: number): Promise<Outcome> {
  const cases = fc.sample(fc.tuple(workflowName, workflowOptions), { seed, numRuns: count });
  const outcome: Outcome = { accepted: 0, refused: [], faults: [] };
  const populated = application();
  for (const [index, [name, options]] of cases.entries()) {
    const places = index < fresh ? [populated, application()] : [populated];
    for (const app of places) {
      const kebab = await twice(app, { name, ...options }, outcome);
      if (app === populated || kebab === undefined) continue;
      outcome.faults.push(...app.compile(), ...app.compile({ strict: true }));
    }
  }
  outcome.faults.push(...populated.compile(), ...populated.compile({ strict: true }));
  const found = await populated.lint();
  if (found !== '') outcome.faults.push(found);
  try {
    unitTests(populated);
  } catch (error) {
    outcome.faults.push(String(error));
  }
  return outcome;
}

async function twice(
  app: Application,
  scaffolding: { name: string },
  outcome: Outcome,
): Promise<string | undefined> {
  try {
    const { names } = await app.scaffold(scaffolding);
    outcome.accepted++;
    const again = await app.scaffold(scaffolding);
    if (again.plan.changes.length > 0) outcome.faults.push(`${scaffolding.name}: a second run changes files`);
    return names.kebab;
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    // A name twice with other options is a conflict of its own files.
    const expected =
      error.exitCode === exitCodes.usage || error.code === 'FileExists' || error.code === 'CannotPatch';
    if (!expected || !error.hint) outcome.faults.push(`${scaffolding.name}: ${error.message}`);
    outcome.refused.push(`${scaffolding.name}: ${error.message}`);
    return undefined;
  }
}
