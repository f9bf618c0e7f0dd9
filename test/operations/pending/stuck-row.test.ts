import { expect, test } from 'vitest';
import { createGateways } from '../../../src/aws/connect.js';
import { type StuckCommands, withRow } from '../../../src/operations/pending/stuck-commands.js';
import { settingsFor } from '../../aws/settings-for.js';
import { startTables } from '../../dynamodb.js';

test('a version without an execution is looked for in its table', async () => {
  const { endpoint } = await startTables('dev-shop-sample-command');
  const { tables } = createGateways(() => settingsFor(endpoint));
  const command = { table: 'dev-shop-sample-command', pk: 'SAMPLE#t1', sk: 'A001', version: 5 };
  const missing: StuckCommands = { command, versions: [], cause: 'predecessorMissing', reason: 'gone' };
  expect(await withRow(tables, missing)).toBe(missing);
  await tables.put(command.table, { pk: command.pk, sk: 'A001@4', status: 'publish_sync:FAILED' });
  expect((await withRow(tables, missing)).reason).toBe(
    'version 4 is in dev-shop-sample-command (publish_sync:FAILED), and no execution of it is known',
  );
  // Nothing was found out: what was known stays.
  const elsewhere = { ...missing, command: { ...command, table: 'not-there' } };
  expect(await withRow(tables, elsewhere)).toBe(elsewhere);
  const failed: StuckCommands = { ...missing, cause: 'predecessorFailed' };
  expect(await withRow(tables, failed)).toBe(failed);
});
