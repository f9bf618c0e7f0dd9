import { describe, expect, test } from 'vitest';
import { ended } from '../local/harness.js';
import { choiceOnApproved, pausedWorld, waiting } from './paused-machines.js';
import { errorOf } from './world.js';

const approval = {
  StartAt: 'WaitForApproval',
  States: {
    WaitForApproval: waiting({ OutputPath: '$.Payload', Next: 'Decide' }),
    Decide: choiceOnApproved,
    Accepted: { Type: 'Succeed' },
    Refused: { Type: 'Fail', Error: 'Refused' },
  },
};

describe('approve', () => {
  test('by request id alone: found, shaped, sent, proven', async () => {
    const world = await pausedWorld();
    const machine = await world.machine('approval', approval);
    const executionArn = await world.begin(machine, { requestId: 'r-1' });
    await world.begin(machine, { requestId: 'r-2' });
    const ran = await world.run('approve', 'r-1', '-o', 'json');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const document = JSON.parse(ran.stdout);
    expect(document).toMatchObject({
      requestId: 'r-1',
      executionArn,
      stateName: 'WaitForApproval',
      answer: {
        Payload: { approved: true, by: 'arn:aws:iam::101010101010:user/local', at: expect.any(String) },
      },
      proven: true,
      nextState: 'Decide',
    });
    expect(JSON.parse((await ended(world.sfn, executionArn)).output ?? '')).toMatchObject({ approved: true });

    const again = await world.run('approve', 'r-1', '-o', 'json');
    expect(again.code).toBe(5);
    expect(errorOf(again)).toMatchObject({ code: 'AlreadyAnswered' });
    expect(errorOf(again).message).toContain('by arn:aws:iam::101010101010:user/local');

    const none = await world.run('approve', 'r-3', '-o', 'json');
    expect(errorOf(none)).toMatchObject({ exitCode: 3, code: 'RequestNotFound', near: ['r-2'] });
  });
});
