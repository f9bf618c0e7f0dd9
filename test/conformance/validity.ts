import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, diagnose } from '../../src/asl/definition.js';
import type { Area, CaseResult } from './case.js';
import { isWanted } from './record.js';

/** A definition with the verdict of CreateStateMachine or ValidateStateMachineDefinition, or of a linter. */
export interface Judged {
  id: string;
  definition: string;
  type?: 'STANDARD' | 'EXPRESS';
  valid: boolean;
  awsValidated?: boolean;
  diagnostics?: Omit<Diagnostic, 'place'>[];
  source: { path: string };
}

/** Beside the histories, or in the folder itself. */
export function judgedDefinitions(folder: string): Judged[] {
  const file = ['validity.json', '../asl-validity/validity.json']
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
  return file ? (JSON.parse(readFileSync(file, 'utf8')) as Judged[]) : [];
}

/** Definitions that AWS was asked about: the same verdict here, and the same diagnostics where they are recorded. */
export const validity: Area = async (folder) => {
  const results: CaseResult[] = [];
  for (const judged of judgedDefinitions(folder).filter(isWanted)) {
    const { id, source, awsValidated } = judged;
    const why = awsValidated ? await differs(judged) : 'was not validated on AWS';
    const verdict = awsValidated ? (why ? 'failed' : 'passed') : 'left out';
    results.push({ id, test: source.path, area: 'validity', verdict, why });
  }
  return results;
};

export async function differs({ definition, type, valid, diagnostics }: Judged): Promise<string | undefined> {
  const found = await diagnose(definition, type);
  const errors = found.filter(({ severity }) => severity === 'ERROR');
  if ((errors.length === 0) !== valid)
    return `expected ${valid ? 'no error' : 'an error'}, found ${JSON.stringify(errors)}`;
  const actual = found.map(({ place: _, ...rest }) => rest);
  const same = (one: unknown): string => JSON.stringify(Object.entries(one as object).toSorted());
  if (!diagnostics || actual.map(same).join() === diagnostics.map(same).join()) return undefined;
  return `expected ${JSON.stringify(diagnostics)}, found ${JSON.stringify(actual)}`;
}
