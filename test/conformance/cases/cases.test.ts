import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startServer } from '../../local/harness.js';
import { material } from '../../shared.js';
import type { CaseResult } from '../case.js';
import { differences } from './judge.js';
import { type Case, readCases } from './read.js';
import { runCase } from './run-case.js';

/** `npm run conformance -- cases [WHICH]` names which it wants, and where it reads the results. */
const { MBC_FLOW_CONFORMANCE_WHICH: which = '', MBC_FLOW_CONFORMANCE_RESULTS: report } = process.env;

const atOnce = 6;

test.skipIf(!material.there)(
  material.marked('what AWS gave is what our server gives'),
  async () => {
    const local = await startServer({ timeScale: 0.02 });
    const chosen = readCases(material.path('asl-cases/cases.json'))
      .filter(({ id, kind }) => new RegExp(which, 'i').test(`${id}\n${kind}`) || id === which)
      .entries();
    const results: (CaseResult & { kind?: string })[] = [];
    const work = async (): Promise<void> => {
      for (const [index, one] of chosen) {
        const why = await differs(one);
        const { id, kind } = one;
        results[index] = {
          id,
          test: kind ?? 'holds from the first',
          kind,
          area: 'cases',
          verdict: why ? 'failed' : 'passed',
          why,
        };
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    if (report) writeFileSync(report, JSON.stringify(results));

    async function differs(one: Case): Promise<string | undefined> {
      try {
        return differences(one.expected, await runCase(local, one)).join('\n') || undefined;
      } catch (error) {
        return String(error);
      }
    }

    const failing = results.filter(({ verdict }) => verdict === 'failed');
    expect(failing.map(({ id, why }) => `${id}: ${why}`)).toEqual([]);
  },
  600_000,
);
