/** What became of one recorded case. */
export interface CaseResult {
  /** The record's `id`. */
  id: string;
  /** The recorded test's name, for people. */
  test: string;
  /** Groups the table: `executions`, `test-state`, `api`. */
  area: string;
  /** `left out`: the case cannot be run here; `why` says for which reason, in words that several cases share. */
  verdict: 'passed' | 'failed' | 'left out';
  /** How many of its recorded values and places were taken out, so that they cannot be compared. */
  masked?: number;
  /** Of a failure: the first difference, expected against actual. */
  why?: string;
}

/** One area of the conformance run: all cases of the folder that it can run, each from its own record alone. */
export type Area = (folder: string) => Promise<CaseResult[]>;
