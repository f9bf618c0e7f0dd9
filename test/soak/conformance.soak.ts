import { expect, test } from 'vitest';
import { type Ran, runRecords } from '../conformance/executions.js';
import { mutate } from '../conformance/mutations.js';
import { material } from '../shared.js';
import { count, seed } from './seed.js';

test.skipIf(!material.there)(
  material.marked('of the faults put into our histories, the comparison with the recorded ones finds 99 %'),
  async () => {
    const ran: Ran[] = [];
    await runRecords(material.path('histories'), ran);
    const { made, missed } = mutate(ran, count(1_000, 100), seed);
    // What is left is what a recording masks: its placeholders stand for any text of their shape.
    process.stdout.write(`${made} faults, missed:\n${missed.join('\n')}\n`);
    expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(made / 100);
  },
  600_000,
);
