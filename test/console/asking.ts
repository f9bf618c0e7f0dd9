/** A state that pauses until somebody answers the token which it gives the function `ask`. */
export const asking = (then: { Next: string } | { End: true }) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: { FunctionName: 'ask', Payload: { 'token.$': '$$.Task.Token' } },
  ...then,
});
