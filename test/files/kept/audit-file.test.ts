import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { auditFile } from '../../../src/files/kept/audit-file.js';

test('an audit file that cannot be written is named, so that nobody takes it for what was to be answered', async () => {
  const state = join(mkdtempSync(join(tmpdir(), 'audit-')), 'state');
  writeFileSync(state, '');
  const line = { id: 'a', outcome: 'sent' } as Parameters<ReturnType<typeof auditFile>['append']>[0];
  await expect(auditFile(state).append(line)).rejects.toMatchObject({
    exitCode: 2,
    code: 'FileNotWritable',
    where: join(state, 'mbc-flow', 'audit.jsonl'),
  });
});
