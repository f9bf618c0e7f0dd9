// A reporter: one line at the end for each thing whose tests were left out because it is not here.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} title @param {string} what */
export const needing = (title, what) => `${title} (needs ${what})`;

/**
 * What a test was left out for, by its full name.
 * @param {string} name
 */
export const needOf = (name) => /\(needs (.+?)\)/.exec(name)?.[1];

/**
 * Whether something beside the clone is missing, which is no fault of the machine.
 * @param {string | undefined} need
 */
export const isAbsent = (need) =>
  need?.startsWith('../') === true && !existsSync(join(import.meta.dirname, '..', need));

export default class LeftOut {
  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd(modules) {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const module of modules)
      for (const test of module.children.allTests('skipped')) {
        const need = needOf(test.fullName) ?? 'what they do not say';
        counts.set(need, (counts.get(need) ?? 0) + 1);
      }
    for (const [need, count] of counts)
      process.stdout.write(`SKIPPED ${count} ${count === 1 ? 'test needs' : 'tests need'} ${need}\n`);
  }
}
