/** What an execution can be called by, as every command's help says it. */
export const executionReference =
  'ARN, name or unique prefix of it, console URL, @last, @2 (the one before) or <machine>@last';

/** The same of a paused step. */
export const requestReference =
  'request IDs; a single step can also be given by a unique prefix (four characters or more) or its execution';
