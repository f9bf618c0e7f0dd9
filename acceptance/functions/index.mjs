// The functions of the acceptance kit, one module for all: a function does what its name says.
// On AWS they are deployed as a ZIP of this file; a local server is given it: --functions '*=./acceptance/functions/index.handler'.

/** An error without the lines of a stack, which differ from place to place. */
function bare(name, message) {
  const error = new Error(message);
  error.name = name;
  error.stack = `${name}: ${message}`;
  return error;
}

const functions = {
  id_function: (event) => event,
  raise_exception() {
    throw bare('Error', 'Some exception was raised.');
  },
  raise_custom_exception() {
    throw bare('CustomException', 'A custom one.');
  },
  /** Fails until it was tried `event.until` times; what number this try is, the state says. */
  fail_at_first({ attempt, until }) {
    if (attempt < until) throw bare('NotYet', `attempt ${attempt}`);
    return { attempt };
  },
  large_output_string: () => 'x'.repeat(300_000),
  slow_function: ({ seconds }) =>
    new Promise((resolve) => setTimeout(() => resolve({ seconds }), seconds * 1000)),
};

export const handler = async (event, { functionName }) => {
  const name = functionName.slice(functionName.lastIndexOf('-') + 1);
  const play = functions[name];
  if (!play) throw bare('UnknownFunction', name);
  return await play(event);
};
