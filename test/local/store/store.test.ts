import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataDirectoryHeldError } from '../../../src/local/errors.js';
import { lockDataDirectory, readRegistration } from '../../../src/local/store/lock.js';
import { StoreError } from '../../../src/local/store/port.js';
import { openStore } from '../../../src/local/store/store.js';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mbc-flow-store-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const schema = ['CREATE TABLE IF NOT EXISTS t (k INTEGER PRIMARY KEY, v TEXT)'];
const open = (fatal: (error: StoreError) => void = () => {}) =>
  openStore(join(dir, 'state.db'), schema, fatal);

describe('store', () => {
  test('writes of one turn share a transaction; one that throws takes only itself back', async () => {
    const store = open();
    const insert = (key: number) =>
      store.write((db) => db.prepare('INSERT INTO t VALUES (?, ?)').run(key, 'x').changes);
    const results = await Promise.allSettled([insert(1), insert(1), insert(2)]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(store.read((db) => db.prepare('SELECT k FROM t ORDER BY k').all())).toMatchObject([
      { k: 1 },
      { k: 2 },
    ]);
    store.close();
  });

  test('what one transaction gathers is written once, before its commit, and not with what failed', async () => {
    const store = open();
    const written: string[] = [];
    const gather = (key: number, fails = false) =>
      store.write((db) => {
        const gathered = store.gathered<number[]>(
          written,
          () => [],
          (db, keys) => {
            written.push(keys.join());
            for (const k of keys) db.prepare('INSERT INTO t VALUES (?, ?)').run(k, 'x');
          },
        );
        gathered.push(key);
        if (fails) db.exec('no SQL');
      });
    await Promise.all([gather(1), gather(2), gather(3)]);
    expect(written).toEqual(['1,2,3']);
    await Promise.allSettled([gather(4), gather(5, true), gather(6)]);
    expect(written).toEqual(['1,2,3', '4', '6']);
    expect(store.read((db) => db.prepare('SELECT group_concat(k) AS k FROM t').get())).toMatchObject({
      k: '1,2,3,4,6',
    });
    store.close();
  });

  test('what was acknowledged is there after the process died', () => {
    const script = `
      import Database from 'libsql';
      const db = new Database(${JSON.stringify(join(dir, 'state.db'))});
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (k); BEGIN; INSERT INTO t VALUES (7); COMMIT');
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
    expect(child.signal).toBe('SIGKILL');
    const store = open();
    expect(store.read((db) => db.prepare('SELECT k FROM t').get())).toMatchObject({ k: 7 });
    store.close();
  });

  test('a full disk is fatal, said once, and refuses every later write', async () => {
    const fatal: StoreError[] = [];
    const store = open((error) => fatal.push(error));
    store.read((db) => db.exec('PRAGMA max_page_count = 20'));
    const big = () =>
      store.write((db) => db.prepare('INSERT INTO t (v) VALUES (?)').run('x'.repeat(1 << 20)));
    await expect(big()).rejects.toThrow(/disk is full/);
    await expect(store.write(() => 1)).rejects.toThrow(StoreError);
    expect(fatal).toHaveLength(1);
    store.close();
  });

  test('an older database gets the columns that it lacks, once', async () => {
    const older = open();
    await older.write((db) => db.exec("INSERT INTO t VALUES (1, 'x')"));
    older.close();
    const newer = [`CREATE TABLE IF NOT EXISTS t (k INTEGER PRIMARY KEY, v TEXT, w TEXT)`];
    for (let times = 0; times < 2; times++) {
      const store = openStore(join(dir, 'state.db'), newer, () => {}, ['ALTER TABLE t ADD COLUMN w TEXT']);
      expect(store.read((db) => db.prepare('SELECT * FROM t').get())).toMatchObject({
        k: 1,
        v: 'x',
        w: null,
      });
      store.close();
    }
    expect(() => open()).toThrow(/newer mbc-flow/);
  });

  test('a database of a newer format is refused', () => {
    const db = new Database(join(dir, 'state.db'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(() => open()).toThrow(/newer mbc-flow/);
  });

  test('a damaged database is a clear error', () => {
    spawnSync('sh', ['-c', `head -c 8192 /dev/urandom > ${join(dir, 'state.db')}`]);
    expect(() => open()).toThrow(/damaged/);
  });
});

describe('data directory lock', () => {
  test('one holder at a time, named to the next', () => {
    const lock = lockDataDirectory(dir);
    lock.register({ pid: 4711, endpoint: 'http://127.0.0.1:1' });
    const attempt = (): unknown => {
      try {
        return lockDataDirectory(dir);
      } catch (error) {
        return error;
      }
    };
    const refused = attempt();
    expect(refused).toBeInstanceOf(DataDirectoryHeldError);
    expect((refused as DataDirectoryHeldError).holder).toMatchObject({ pid: 4711 });
    lock.release();
    expect(readRegistration(dir)).toBeUndefined();
    lockDataDirectory(dir).release();
  });
});
