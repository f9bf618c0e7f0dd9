/** Control characters and surrogates are among what AWS forbids. */
const banned = /[\s\p{Cc}\p{Cs}<>{}[\]?*"#%\\^|~`$&,;:/\ufffe\uffff]/u;

/** What is wrong with a name of a machine or an execution; undefined when AWS would take it. */
export function nameProblem(name: string): string | undefined {
  if (name.length === 0 || name.length > 80) return 'names have 1 to 80 characters';
  if (banned.test(name)) return 'the name holds a character that AWS forbids';
  return undefined;
}
