const warnings: string[] = [];

/** Notes a command that has printed a warning of Node's own: `(node:123) MaxListenersExceededWarning: …`. */
export function watchForWarnings(args: string[], stderr: string): void {
  const [warning] = /^\(node:\d+\) .*Warning: .*$/m.exec(stderr) ?? [];
  if (warning !== undefined) warnings.push(`mbc-flow ${args.join(' ')}: ${warning}`);
}

// Those of commands that run in this process, not of what stands in for something in a test.
process.on('warning', ({ name, message, stack = '' }) => {
  if (name === 'MaxListenersExceededWarning' && stack.includes('/dist/'))
    warnings.push(`${message}\n${stack}`);
});

/** @throws Error when one was seen since the last call */
export function expectNoWarnings(): void {
  const seen = warnings.splice(0);
  if (seen.length > 0) throw new Error(`warnings of Node:\n  ${seen.join('\n  ')}`);
}
