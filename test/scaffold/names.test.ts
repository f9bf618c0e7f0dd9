import { expect, it } from 'vitest';
import { exitCodes } from '../../src/errors.js';
import { readNames } from '../../src/scaffold/names.js';

it.each([
  ['承認', 'characters other than'],
  ['order/approval', 'characters other than'],
  ['123', 'no letter'],
  ['a'.repeat(70), 'longer than 60'],
  ['sfn-task', "the framework's state machine sfn-task"],
  ['csv', "the framework's state machine import-csv"],
])('%s is refused with the reason', (name, reason) => {
  expect(() => readNames(name)).toThrow(
    expect.objectContaining({
      exitCode: exitCodes.usage,
      message: expect.stringContaining(reason),
      hint: expect.stringMatching(/^use letters, digits and hyphens, for example [a-z][a-z0-9-]*$/),
    }),
  );
});

it('spells a name in all forms', () => {
  expect(readNames('HTTPOrder_approval2')).toEqual({
    kebab: 'http-order-approval2',
    pascal: 'HttpOrderApproval2',
    camel: 'httpOrderApproval2',
    constant: 'HTTP_ORDER_APPROVAL2',
  });
  expect(readNames('2fa').pascal).toBe('Workflow2fa');
});
