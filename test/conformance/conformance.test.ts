import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { material } from '../shared.js';
import { areas } from './areas.js';
import type { CaseResult } from './case.js';

const PUBLIC = material.path('histories');
/** `npm run conformance` names a folder of its own, and where it reads the results. */
const { MBC_FLOW_CONFORMANCE_FOLDER: given, MBC_FLOW_CONFORMANCE_RESULTS: report } = process.env;
const folder = given ?? PUBLIC;

/** Passes over the public folder. Only ever raised; two less than all executions, for a machine too busy to keep time. */
const FLOORS: Record<string, number> = { executions: 246, validity: 223, 'test-state': 85, api: 139 };

const results: CaseResult[] = [];

describe('recorded on AWS, and alike here', () => {
  for (const [name, area] of Object.entries(areas)) {
    test.skipIf(!existsSync(folder))(
      material.marked(name),
      async () => {
        const found = await area(folder);
        results.push(...found);
        const passed = found.filter(({ verdict }) => verdict === 'passed');
        if (folder === PUBLIC) expect(passed.length).toBeGreaterThanOrEqual(FLOORS[name] ?? 0);
      },
      600_000,
    );
  }
});

afterAll(() => {
  if (report) writeFileSync(report, JSON.stringify(results));
});
