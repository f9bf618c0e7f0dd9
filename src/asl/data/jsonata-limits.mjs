// @ts-check
// AWS's limits for one JSONata expression, and what it says where they are passed.

/** Milliseconds of computing. */
export const EVALUATION_CPU_MS = 1000;

/** Measured on AWS: a sequence of 873,783 numbers is too much, and so is a text of 2^23 characters. */
export const ELEMENT_BYTES = 8;
export const VALUE_BYTES = 873_782 * ELEMENT_BYTES;

export const OUT_OF_TIME =
  'threw an error during evaluation: Expression evaluation timeout: Check for infinite loop';
export const OUT_OF_MEMORY =
  'threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage';

/** Milliseconds that this process has computed: unlike time, they do not pass while others have the processor. */
export function cpuMilliseconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** An expression goes beyond a limit; its message is what AWS says. */
export class OverLimit extends Error {}
