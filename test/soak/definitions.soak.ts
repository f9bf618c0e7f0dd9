import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diagnose } from '../../src/asl/definition.js';
import { lintText } from '../../src/lint/lint.js';
import { mutatedDefinitions } from '../asl/mutate.js';
import { count, seed } from './seed.js';

const options = { framework: true, read: async () => undefined };

test('mutated definitions: always a verdict, lint agrees with it, and nothing ever throws', async () => {
  await fc.assert(
    fc.asyncProperty(mutatedDefinitions(), async (definition) => {
      const text = JSON.stringify(definition);
      const refused = (await diagnose(text)).some(({ severity }) => severity === 'ERROR');
      const { findings } = await lintText('m.asl.json', text, options);
      const errors = findings.filter(({ severity }) => severity === 'error');
      // What is put in later (${…}, Fn::GetAtt) lint does not judge; else it finds what AWS refuses, and only that.
      if (!/\$\{|"(Ref|Fn::\w+)":/.test(text)) expect(errors.length > 0).toBe(refused);
    }),
    { seed, numRuns: count(300_000, 1_000) },
  );
}, 3_600_000);
