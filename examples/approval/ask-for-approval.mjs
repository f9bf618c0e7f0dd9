// Tells somebody that a decision is wanted. An application of the framework gets the same event in its handler.
// The task token is a secret, and nobody has to keep it: mbc-flow finds it in the execution's history.
export async function handler({ input, context }) {
  const { requestId, amount } = input;
  process.stdout.write(`${context.State.Name}: ${requestId} asks for ${amount} yen\n`);
  return [[{ asked: requestId }]];
}
