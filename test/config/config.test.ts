import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultDataDir, readConfig } from '../../src/config/config.js';
import type { FlowError } from '../../src/errors.js';
import { jsonErrorOffset, positionOf } from '../../src/json/json-positions.js';
import { directory } from '../cli/world.js';

function failure(act: () => unknown): FlowError {
  try {
    act();
  } catch (error) {
    return error as FlowError;
  }
  throw new Error('nothing was thrown');
}

describe('where it is', () => {
  test('the nearest, upwards; mbc-flow.json before package.json; none is fine', () => {
    const root = directory();
    const deep = join(root, 'a/b');
    mkdirSync(deep, { recursive: true });
    expect(readConfig(deep)).toEqual({ folder: deep, files: [], targets: {}, local: {} });
    expect(defaultDataDir(deep)).toBe(join(deep, '.mbc-flow'));
    writeFileSync(join(root, 'package.json'), '{"mbc-flow":{"targets":{"far":{}}}}');
    expect(readConfig(deep)).toMatchObject({ folder: root, targets: { far: {} } });
    expect(defaultDataDir(deep)).toBe(join(root, '.mbc-flow'));
    writeFileSync(join(root, 'a/package.json'), 'another tool’s {broken file');
    expect(readConfig(deep)).toMatchObject({ folder: root });
    writeFileSync(join(root, 'a/mbc-flow.json'), '\ufeff{"defaultTarget":"local"}');
    expect(readConfig(deep)).toMatchObject({ folder: join(root, 'a'), defaultTarget: 'local' });
    expect(defaultDataDir(deep)).toBe(join(root, 'a/.mbc-flow'));
  });
});

describe('what it says is checked: exit 2, with the place', () => {
  const read = (text: string) => {
    const folder = directory();
    writeFileSync(join(folder, 'mbc-flow.json'), text);
    return readConfig(folder);
  };

  test('syntax: file, line and column', () => {
    const { exitCode, where } = failure(() =>
      read('{\n  "targets": {\n    "dev": { "profile": "x", }\n  }\n}'),
    );
    expect(exitCode).toBe(2);
    expect(where).toMatch(/mbc-flow\.json:3:30$/);
    const twice = failure(() => read('{ "local": { "machines": {} },\n  "local": {} }'));
    expect(twice.message).toContain("Duplicate field 'local'");
    expect(twice.where).toMatch(/mbc-flow\.json:2:3$/);
  });

  test.each([
    ['[]', '$'],
    ['{"target":{}}', '$.target'],
    ['{"targets":{"dev":{"profil":"x"}}}', '$.targets.dev.profil'],
    ['{"targets":{"dev":{"account":123456789012}}}', '$.targets.dev.account'],
    ['{"targets":{"dev":{"account":"12"}}}', '$.targets.dev.account'],
    ['{"targets":{"dev":{"protected":"yes"}}}', '$.targets.dev.protected'],
    ['{"targets":{"dev":{"machines":{"command":1}}}}', '$.targets.dev.machines.command'],
    ['{"targets":{"local":{}}}', '$.targets.local'],
    ['{"targets":null}', '$.targets'],
    ['{"defaultTarget":"prod"}', '$.defaultTarget'],
    ['{"local":{"functions":{"*":{"modul":"x"}}}}', '$.local.functions.*.modul'],
    ['{"local":{"functions":{"*":{}}}}', '$.local.functions.*.module'],
    ['{"local":{"functions":{"*":{"module":"x","timeoutSeconds":0}}}}', '$.local.functions.*.timeoutSeconds'],
    ['{"local":{"machines":["x"]}}', '$.local.machines'],
    ['{"local":{"eventSources":{}}}', '$.local.eventSources'],
    ['{"local":{"eventSources":[{"stream":"a","queue":"b"}]}}', '$.local.eventSources[0]'],
    ['{"local":{"eventSources":[{"stream":"a","batchSize":0}]}}', '$.local.eventSources[0].batchSize'],
    ['{"local":{"eventSources":[{"stream":"a","filters":"x"}]}}', '$.local.eventSources[0].filters'],
    ['{"targets":{"dev":{"sse":"AES"}}}', '$.targets.dev.sse'],
    ['{"targets":{"dev":{"endpointUrl":"x"}}}', '$.targets.dev.endpointUrl'],
  ])('%s', (text, path) => {
    const error = failure(() => read(text));
    expect(error).toMatchObject({ exitCode: 2, code: 'BadConfig' });
    expect(error.where?.endsWith(`mbc-flow.json at ${path}`), error.where).toBe(true);
  });

  test.each([
    ['{"zzz":1}', 'zzz is not a known property; known properties: $schema'],
    ['{"targets":{"dev":{"account":"12"}}}', 'account must be a string of 12 digits'],
    [
      '{"local":{"eventSources":[{"stream":"a","queue":"b"}]}}',
      'eventSources[0] must name a stream or a queue',
    ],
    ['[]', 'the config must be '],
  ])('%s is told as a sentence', (text, sentence) => {
    expect(failure(() => read(text)).message.startsWith(sentence)).toBe(true);
  });

  test('the schema that ships knows the same members as the check', () => {
    const schema = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../dist/mbc-flow.schema.json'), 'utf8'),
    );
    const listed = (text: string) =>
      failure(() => read(text))
        .message.replace(/.*known properties: /, '')
        .split(', ');
    expect(listed('{"?":1}')).toEqual(Object.keys(schema.properties));
    expect(listed('{"local":{"?":1}}')).toEqual(Object.keys(schema.properties.local.properties));
    expect(listed('{"targets":{"a":{"?":1}}}')).toEqual(
      Object.keys(schema.properties.targets.additionalProperties.properties),
    );
    expect(listed('{"local":{"functions":{"a":{"?":1}}}}')).toEqual(
      Object.keys(schema.properties.local.properties.functions.additionalProperties.anyOf[1].properties),
    );
  });
});

describe('where JSON goes wrong', () => {
  test.each(['{}', '[1,-2.5e3,"a\\u00e9\\n",true,null,{"a":[]}]', ' "x" ', '0'])('%s is JSON', (text) => {
    expect(jsonErrorOffset(text)).toBeUndefined();
    JSON.parse(text);
  });
  test.each([
    ['', 0],
    ['{"a":}', 5],
    ['[1,]', 3],
    ['{"a" 1}', 5],
    ['{a:1}', 1],
    ['[01]', 2],
    ['"a\nb"', 2],
    ['{} x', 3],
    ["{'a':1}", 1],
    ['[1', 2],
  ])('%j', (text, offset) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(jsonErrorOffset(text)).toBe(offset);
  });
  test('lines and columns count from one', () => {
    expect(positionOf('ab\ncd', 0)).toEqual({ line: 1, column: 1 });
    expect(positionOf('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
  });
});

test('the filters of an event source may have any members', () => {
  const folder = directory();
  const filters = [{ eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['order'] } } } }];
  writeFileSync(
    join(folder, 'mbc-flow.json'),
    JSON.stringify({ local: { eventSources: [{ stream: 'a', filters }] } }),
  );
  expect(readConfig(folder).local.eventSources?.[0]?.filters).toEqual(filters);
});
