import { expect, test } from 'vitest';
import { createGateways } from '../../src/aws/connect.js';
import { startTables } from '../dynamodb.js';
import { settingsFor } from './settings-for.js';

async function connect() {
  const { endpoint } = await startTables('jobs');
  return createGateways(() => settingsFor(endpoint)).tables;
}

test('puts, gets, sets', async () => {
  const tables = await connect();
  const key = { pk: 'CSV_IMPORT#t1', sk: 'product#01' };
  const item = { ...key, version: 0, attributes: { bucket: 'b', list: [1, 'x', null] }, none: undefined };
  await tables.put('jobs', item, { absent: 'pk' });
  expect(await tables.get('jobs', key)).toEqual({
    ...key,
    version: 0,
    attributes: { bucket: 'b', list: [1, 'x', null] },
  });
  await tables.update('jobs', key, { status: 'DONE', version: 1 });
  expect(await tables.get('jobs', key)).toMatchObject({ status: 'DONE', version: 1 });
});

test('never replaces what must be new, never makes a ghost of what is gone', async () => {
  const tables = await connect();
  const key = { pk: 'p', sk: 's' };
  await tables.put('jobs', key, { absent: 'pk' });
  await expect(tables.put('jobs', key, { absent: 'pk' })).rejects.toMatchObject({ exitCode: 5 });
  const gone = { pk: 'p', sk: 'gone' };
  await expect(tables.update('jobs', gone, { status: 'X' })).rejects.toMatchObject({ exitCode: 5 });
  expect(await tables.get('jobs', gone)).toBeUndefined();
  await expect(tables.get('nope', key)).rejects.toMatchObject({ exitCode: 3 });
});

test('queries one partition in order, over pages', async () => {
  const tables = await connect();
  const filling = 'x'.repeat(90_000);
  for (let n = 0; n < 30; n++)
    await tables.put('jobs', { pk: 'p', sk: `a#${String(n).padStart(2, '0')}`, filling });
  await tables.put('jobs', { pk: 'p', sk: 'b#00' });
  await tables.put('jobs', { pk: 'q', sk: 'a#00' });
  const keys = async (of: { skPrefix?: string; reverse?: boolean }) => {
    const found = [];
    for await (const { sk } of tables.query('jobs', { pk: 'p', ...of })) found.push(sk);
    return found;
  };
  const all = Array.from({ length: 30 }, (_, n) => `a#${String(n).padStart(2, '0')}`);
  expect(await keys({ skPrefix: 'a#' })).toEqual(all);
  expect(await keys({ reverse: true })).toEqual(['b#00', ...all.reverse()]);
});

test('the keys of a table are told; of none that is not there', async () => {
  const tables = await connect();
  expect(await tables.keyNames('jobs')).toEqual(['pk', 'sk']);
  await expect(tables.keyNames('nowhere')).rejects.toMatchObject({ exitCode: 3 });
});
