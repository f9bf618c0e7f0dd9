/** What an execution can be called by, as every command's help says it. */
export const executionReference =
  'ARN, console URL, name or unique beginning of one, @last, @2 (the one before it), or <machine>@last';

/** The same of a paused step. */
export const requestReference =
  'request ids, one alone also by a unique beginning of four characters or more, or as an execution';
