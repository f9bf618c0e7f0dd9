import { describe, expect, test } from 'vitest';
import { createPrinter, type OutputForm } from '../../../src/cli/shell/printer.js';

/** What is written in a form. */
function written(form: OutputForm, print: (out: ReturnType<typeof createPrinter>) => void, isTTY = false) {
  let text = '';
  print(createPrinter(form, { write: (more) => (text += more) }, isTTY));
  return text;
}
const forms = (print: (out: ReturnType<typeof createPrinter>) => void) =>
  Object.fromEntries((['text', 'json', 'ndjson'] as const).map((form) => [form, written(form, print)]));

describe('results', () => {
  test('a document, or its lines', () => {
    expect(forms((out) => out.document({ a: '日本' }, ['a is', '日本']))).toEqual({
      text: 'a is\n日本\n',
      json: '{"a":"日本"}\n',
      ndjson: '{"a":"日本"}\n',
    });
  });

  test('a list', () => {
    expect(forms((out) => out.list('items', [1, 2], ['one', 'two'], { more: true }))).toEqual({
      text: 'one\ntwo\n',
      json: '{"more":true,"items":[1,2]}\n',
      ndjson: '1\n2\n',
    });
  });

  test('a stream: json has all of it at its end, and one alone as itself', () => {
    const stream = (numbers: number[], alone: boolean) => (out: ReturnType<typeof createPrinter>) => {
      const items = out.stream('items');
      for (const number of numbers) items.add(number, [`#${number}`]);
      items.end({ more: true }, { alone });
    };
    expect(forms(stream([1, 2], true))).toEqual({
      text: '#1\n#2\n',
      json: '{"more":true,"items":[1,2]}\n',
      ndjson: '1\n2\n',
    });
    expect(written('json', stream([1], true))).toBe('1\n');
    expect(written('json', stream([1], false))).toBe('{"more":true,"items":[1]}\n');
  });

  test('events, and what they come to', () => {
    expect(
      forms((out) => {
        out.event({ type: 'a' }, ['a happened']);
        out.summary(() => ({ all: 1 }), ['that was all']);
      }),
    ).toEqual({ text: 'a happened\nthat was all\n', json: '{"all":1}\n', ndjson: '{"type":"a"}\n' });
  });

  test('a script gets one line, a person on a terminal an indented document', () => {
    const document = (out: ReturnType<typeof createPrinter>) => out.document({ a: 1 });
    expect(written('json', document, true)).toBe('{\n  "a": 1\n}\n');
    expect(written('ndjson', document, true)).toBe('{"a":1}\n');
  });
});
