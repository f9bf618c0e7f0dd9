import { expect, test } from 'vitest';
import { confirmChange } from '../../../src/cli/shell/confirm.js';

function ask(given: Partial<Parameters<typeof confirmChange>[0]>, answer?: string) {
  const told: string[] = [];
  const questions: string[] = [];
  const done = confirmChange({
    what: 'prod (account 1): start x',
    targetName: 'prod',
    protected: false,
    ask: false,
    yes: false,
    interactive: true,
    signal: new AbortController().signal,
    tell: (line) => told.push(line),
    question: async (text) => {
      questions.push(text);
      return answer;
    },
    ...given,
  });
  return done.then(
    () => ({ outcome: 'goes on', told, questions: questions.length }),
    (error) => ({ outcome: error.exitCode, told, questions: questions.length }),
  );
}
const told = ['prod (account 1): start x'];

test('an unprotected target is told, and asked only where the change asks', async () => {
  expect(await ask({})).toEqual({ outcome: 'goes on', told, questions: 0 });
  expect(await ask({ ask: true }, 'y')).toEqual({ outcome: 'goes on', told, questions: 1 });
  expect(await ask({ ask: true }, 'YES ')).toMatchObject({ outcome: 'goes on' });
  for (const no of ['', 'n', 'yeah', undefined])
    expect(await ask({ ask: true }, no)).toMatchObject({ outcome: 130 });
  expect(await ask({ ask: true, yes: true })).toEqual({ outcome: 'goes on', told, questions: 0 });
  expect(await ask({ ask: true, interactive: false })).toEqual({ outcome: 'goes on', told, questions: 0 });
});

test('several at once need --yes wherever nobody can be asked, but on this machine', async () => {
  const several = { ask: true, several: true };
  expect(await ask({ ...several, interactive: false })).toEqual({ outcome: 2, told, questions: 0 });
  expect(await ask({ ...several, interactive: false, yes: true })).toMatchObject({ outcome: 'goes on' });
  expect(await ask({ ...several, interactive: false, loopback: true })).toMatchObject({ outcome: 'goes on' });
  expect(await ask(several, 'y')).toEqual({ outcome: 'goes on', told, questions: 1 });
  expect(await ask({ ...several, loopback: true }, 'n')).toMatchObject({ outcome: 130, questions: 1 });
});

test('a protected target asks for its name, for every change; without a terminal it needs --yes', async () => {
  expect(await ask({ protected: true }, 'prod')).toEqual({ outcome: 'goes on', told, questions: 1 });
  for (const no of ['y', 'Prod', '', undefined])
    expect(await ask({ protected: true }, no)).toMatchObject({ outcome: 130 });
  expect(await ask({ protected: true, interactive: false })).toEqual({ outcome: 2, told, questions: 0 });
  expect(await ask({ protected: true, interactive: false, yes: true })).toMatchObject({ outcome: 'goes on' });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s before the change, or during the question: nothing is changed, exit %i',
  async (signal, outcome) => {
    const stop = new AbortController();
    const asked = ask({
      ask: true,
      signal: stop.signal,
      question: async () => {
        stop.abort(signal);
        return undefined;
      },
    });
    expect(await asked).toMatchObject({ outcome, told });
    expect(await ask({ yes: true, signal: stop.signal })).toEqual({ outcome, told: [], questions: 0 });
  },
);
