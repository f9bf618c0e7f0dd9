import type Database from 'libsql';
import type { Store } from '../store/port.js';
import { statement } from '../store/statements.js';

/** How far each shard of a stream was delivered: what a crash leaves is delivered again, and nothing twice without one. */
export const checkpointSchema = `
CREATE TABLE IF NOT EXISTS stream_checkpoints (
  stream_arn TEXT NOT NULL,
  shard_id TEXT NOT NULL,
  sequence_number TEXT,
  ended INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (stream_arn, shard_id)
) WITHOUT ROWID;`;

export interface Checkpoint {
  /** Of the last record that was delivered. */
  sequenceNumber?: string;
  /** The shard is closed, and all of it was delivered. */
  ended: boolean;
}

export interface Checkpoints {
  of(streamArn: string, shardId: string): Checkpoint;
  /** Durable when it resolves. */
  save(streamArn: string, shardId: string, checkpoint: Checkpoint): Promise<void>;
}

export function createCheckpoints(store: Store): Checkpoints {
  const select =
    'SELECT sequence_number, ended FROM stream_checkpoints WHERE stream_arn = ? AND shard_id = ?';
  const replace =
    'INSERT OR REPLACE INTO stream_checkpoints (stream_arn, shard_id, sequence_number, ended) VALUES (?, ?, ?, ?)';
  return {
    of(streamArn, shardId) {
      const row = store.read((db: Database.Database) => statement(db, select).get(streamArn, shardId)) as
        | { sequence_number: string | null; ended: number }
        | undefined;
      return { sequenceNumber: row?.sequence_number ?? undefined, ended: row?.ended === 1 };
    },
    async save(streamArn, shardId, { sequenceNumber, ended }) {
      await store.write((db) => {
        statement(db, replace).run(streamArn, shardId, sequenceNumber ?? null, ended ? 1 : 0);
      });
    },
  };
}
