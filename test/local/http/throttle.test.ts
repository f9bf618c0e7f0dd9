import { ListMapRunsCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBuckets } from '../../../src/local/http/throttle.js';
import { startServer } from '../harness.js';

test('a bucket never gives more than its size and what came back since', () => {
  const waits = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 60 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 20 }),
      waits,
      (size, refill, gaps) => {
        let now = 0;
        const buckets = new TokenBuckets(() => now);
        let given = 0;
        for (const gap of gaps) {
          now += gap;
          if (buckets.take('one', [size, refill])) given += 1;
          expect(given).toBeLessThanOrEqual(size + (now / 1000) * refill);
        }
        expect(buckets.take('another', [1, 1])).toBe(true);
      },
    ),
  );
});

test('with throttle, the request after the burst is refused as AWS refuses it', async () => {
  const { endpoint } = await startServer({ throttle: true });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sfn = new SFNClient({ endpoint, region: 'ap-northeast-1', credentials, maxAttempts: 1 });
  const answers = await Promise.allSettled(
    Array.from({ length: 130 }, () => sfn.send(new ListStateMachinesCommand({}))),
  );
  const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  expect(refused.length).toBeGreaterThan(10);
  expect(refused.length).toBeLessThan(31);
  expect(refused[0]).toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });
  // Each operation has a bucket of its own.
  const executionArn = 'arn:aws:states:ap-northeast-1:101010101010:execution:none:none';
  await expect(sfn.send(new ListMapRunsCommand({ executionArn }))).rejects.toMatchObject({
    name: 'ExecutionDoesNotExist',
  });
  expect(await (await fetch(`${endpoint}/_mbc-flow/health`)).json()).toMatchObject({ throttle: true });
});
