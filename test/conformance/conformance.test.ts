import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { material } from '../shared.js';
import { areas } from './areas.js';
import type { CaseResult } from './case.js';
import { type Ran, runRecords } from './executions.js';
import { mutate } from './mutations.js';

const PUBLIC = material.path('histories');
/** `npm run conformance` names a folder of its own, and where it reads the results. */
const {
  MBC_FLOW_CONFORMANCE_FOLDER: given,
  MBC_FLOW_CONFORMANCE_ID: id,
  MBC_FLOW_CONFORMANCE_RESULTS: report,
} = process.env;
const folder = given ?? PUBLIC;

/** So many can be decided; all of them hold. Only ever raised. */
const FLOORS: Record<string, number> = { executions: 278, validity: 223, 'test-state': 85, api: 139 };

const results: CaseResult[] = [];
/** Executions that held, for the test after them. */
const ran: Ran[] = [];

describe('recorded on AWS, and alike here', () => {
  for (const [name, area] of Object.entries(areas)) {
    test.skipIf(!existsSync(folder))(
      material.marked(name),
      async () => {
        const found = name === 'executions' ? await runRecords(folder, ran) : await area(folder);
        results.push(...found);
        if (folder !== PUBLIC || id) return;
        const failing = found.filter(({ verdict }) => verdict === 'failed');
        expect(failing.map(({ id, why }) => `${id}: ${why}`)).toEqual([]);
        const decided = found.filter(({ verdict }) => verdict !== 'left out');
        expect(decided.length).toBeGreaterThanOrEqual(FLOORS[name] ?? 0);
      },
      600_000,
    );
  }
});

test.skipIf(!material.there || folder !== PUBLIC || id !== undefined)(
  material.marked('faults put into our histories are found (all of them: npm run soak -- conformance)'),
  () => {
    const { made, missed } = mutate(ran, 200, 1);
    expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(made / 100);
  },
);

afterAll(() => {
  if (report) writeFileSync(report, JSON.stringify(results));
});
